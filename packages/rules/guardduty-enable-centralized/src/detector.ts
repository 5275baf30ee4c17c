import {
  GetAdministratorAccountCommand,
  GetDetectorCommand,
  GuardDutyClient,
  ListDetectorsCommand,
} from '@aws-sdk/client-guardduty';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

/** GuardDuty in one account and Region, which have at most one detector. */
export const DetectorFacts = z.object({
  /** A suspended detector is DISABLED: it exists and keeps its settings, but finds nothing. */
  detector: z.enum(['ABSENT', 'ENABLED', 'DISABLED']),
  /** The account that manages GuardDuty here; `null`: none, such as in the administrator account. */
  administrator: z.object({ accountId: z.string().max(12), relationshipStatus: z.string() }).nullable(),
});
export type DetectorFacts = z.infer<typeof DetectorFacts>;

export const DetectorHandles = z.object({ detectorId: z.string().nullable() });
export type DetectorHandles = z.infer<typeof DetectorHandles>;

export interface DetectorObservation {
  readonly facts: DetectorFacts;
  readonly handles: DetectorHandles;
}

export const observeDetector = async (session: Session): Promise<DetectorObservation> => {
  const client = session.client(GuardDutyClient);
  const { DetectorIds: [DetectorId] = [] } = await client.send(new ListDetectorsCommand({}));
  if (DetectorId === undefined)
    return { facts: { detector: 'ABSENT', administrator: null }, handles: { detectorId: null } };
  const [{ Status }, { Administrator }] = await Promise.all([
    client.send(new GetDetectorCommand({ DetectorId })),
    client.send(new GetAdministratorAccountCommand({ DetectorId })),
  ]);
  return {
    facts: {
      detector: Status === 'ENABLED' ? 'ENABLED' : 'DISABLED',
      administrator:
        Administrator?.AccountId === undefined
          ? null
          : {
              accountId: Administrator.AccountId,
              relationshipStatus: Administrator.RelationshipStatus ?? 'Unknown',
            },
    },
    handles: { detectorId: DetectorId },
  };
};
