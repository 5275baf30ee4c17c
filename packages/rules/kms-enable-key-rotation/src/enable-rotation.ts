import { DisableKeyRotationCommand, EnableKeyRotationCommand, KMSClient } from '@aws-sdk/client-kms';
import { call, change, defined, undoCall, type FixInput } from '@compliance/core/rule';

import type { Facts } from './facts.ts';
import { YEAR } from './keys.ts';

type Input = FixInput<Facts, { readonly maxRotationPeriodInDays: number | null }>;

/** Turns rotation on, or makes it more frequent. KMS refuses that for a replica: its primary key is changed, in its Region. */
export const enableRotation = ({
  resource,
  facts,
  parameters: { maxRotationPeriodInDays: longest },
}: Input) => {
  const { primaryRegion, periodInDays } = facts;
  const key = { KeyId: resource.resourceId };
  const place = primaryRegion === null ? {} : { region: primaryRegion };
  const period = Math.min(longest ?? YEAR, YEAR);
  const through = primaryRegion === null ? '' : `, through its primary key in ${primaryRegion}`;
  return change<Facts>({
    description: `Rotate key ${key.KeyId} every ${period} days${through}`,
    risk: 'safe',
    inCode: {
      terraform: `aws_kms_key: enable_key_rotation = true, rotation_period_in_days = ${period}`,
      cloudFormation: `AWS::KMS::Key: EnableKeyRotation: true, RotationPeriodInDays: ${period}`,
    },
    steps: [
      call(
        KMSClient,
        EnableKeyRotationCommand,
        // Without a period, a key that did not rotate does so every year.
        { ...key, ...defined({ RotationPeriodInDays: longest === null ? undefined : period }) },
        {
          ...place,
          undo:
            periodInDays === null
              ? undoCall(KMSClient, DisableKeyRotationCommand, key, place)
              : undoCall(
                  KMSClient,
                  EnableKeyRotationCommand,
                  { ...key, RotationPeriodInDays: periodInDays },
                  place,
                ),
        },
      ),
    ],
  });
};
