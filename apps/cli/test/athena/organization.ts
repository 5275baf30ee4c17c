import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AccountId, auditEvent, type AuditEvent } from '@compliance/core';
import { memoryTable, sampleChangeEvent } from '@compliance/core/testing';
import {
  folderStore,
  keep,
  localSigner,
  newPrivateKey,
  tableCheckpoints,
  type Hour,
} from '@compliance/evidence';
import { folderLedger, type Ledger } from '@compliance/ledger';
import { openDoors } from '@compliance/ledger/testing';
import { buildState, writeVerdicts } from '@compliance/state';

/** Where the chain begins: what happened before is imported. */
const FIRST_HOUR: Hour = '2026-11-22T00';
const SEALED_AT = new Date('2026-11-29T12:30:00Z');

type Evaluated = Extract<AuditEvent, { type: 'resource-evaluated' }>;

const verdict = (
  resourceId: string,
  complianceType: Evaluated['complianceType'],
  time: string,
  {
    accountId = '111122223333',
    ...members
  }: Partial<Pick<Evaluated, 'annotation' | 'exemption' | 'excluded' | 'orderingTime' | 'owner'>> & {
    accountId?: string;
  } = {},
): AuditEvent =>
  auditEvent(
    {
      type: 'resource-evaluated',
      command: 'S3_ENABLE_VERSIONING',
      severity: 'low',
      accountId: AccountId.parse(accountId),
      region: 'eu-west-1',
      resource: { resourceType: 'AWS::S3::Bucket', resourceId },
      trigger: 'change',
      complianceType,
      orderingTime: new Date(time).toISOString(),
      ...members,
    },
    new Date(time),
    time,
  );

const OFF = { annotation: 'Versioning is Off.', owner: 'team-a' };
const exempt = (id: string, until: string) => ({
  exemption: id,
  annotation: `Exempt by ${id} until ${until}.`,
});

const VERDICTS = [
  verdict('invoices', 'NON_COMPLIANT', '2026-11-10T08:00:00Z', OFF),
  verdict('fine', 'COMPLIANT', '2026-11-10T08:00:00Z'),
  verdict('old-logs', 'NOT_APPLICABLE', '2026-11-10T08:00:00Z', exempt('EX-7', '2026-12-15')),
  verdict('older-logs', 'NOT_APPLICABLE', '2026-11-10T08:00:00Z', {
    ...exempt('EX-7', '2026-12-15'),
    accountId: '444455556666',
  }),
  verdict('archive', 'NOT_APPLICABLE', '2026-11-10T08:00:00Z', exempt('until 2020-01-01', '2027-06-01')),
  verdict('mails', 'NON_COMPLIANT', '2026-11-23T08:00:00Z', OFF),
  verdict('mails', 'NON_COMPLIANT', '2026-11-23T20:00:00Z', OFF),
  verdict('mails', 'COMPLIANT', '2026-11-24T20:00:00Z'),
  verdict('drafts', 'NON_COMPLIANT', '2026-11-25T06:00:00Z', OFF),
  verdict('drafts', 'COMPLIANT', '2026-11-25T18:00:00Z'),
  // Judged before what was judged already: it counts for nothing.
  verdict('queue', 'NON_COMPLIANT', '2026-11-26T00:00:00Z', OFF),
  verdict('queue', 'COMPLIANT', '2026-11-26T06:00:00Z', { orderingTime: '2026-11-25T00:00:00.000Z' }),
  verdict('queue', 'COMPLIANT', '2026-11-27T00:00:00Z'),
  verdict('cache', 'NON_COMPLIANT', '2026-11-26T00:00:00Z', OFF),
  verdict('cache', 'NON_COMPLIANT', '2026-11-26T10:00:00Z', { excluded: 'arn:aws:s3:::cache' }),
  verdict('cache', 'COMPLIANT', '2026-11-27T00:00:00Z'),
  verdict('photos', 'NON_COMPLIANT', '2026-11-28T08:00:00Z', {
    ...OFF,
    owner: 'team-b',
    accountId: '444455556666',
  }),
];

/** A fix of a bucket before the first sealed hour, and its undo after it, as the functions themselves publish them. */
const fixAndUndo = async (ledger: Ledger, setClock: (now: Date) => void) => {
  const { state, evaluate, remediate, ask } = openDoors(ledger);
  const at = (time: string) => {
    state.now = new Date(time);
    setClock(state.now);
  };
  const change = () =>
    sampleChangeEvent({
      item: {
        resourceId: 'logs',
        resourceName: 'logs',
        ARN: 'arn:aws:s3:::logs',
        supplementaryConfiguration: {},
        configurationItemCaptureTime: state.now.toISOString(),
      },
    });
  at('2026-11-20T09:00:00Z');
  await evaluate(change(), { awsRequestId: 'request-1' });
  at('2026-11-20T10:00:00Z');
  const { planId = '' } = await remediate('ssm-1');
  at('2026-11-20T10:01:00Z');
  await ask('approve', planId, 'approve-1');
  at('2026-11-20T10:02:00Z');
  const { changeId = '' } = await ask('apply', planId, 'apply-1');
  at('2026-11-20T11:00:00Z');
  await evaluate(change(), { awsRequestId: 'request-2' });
  at('2026-11-24T11:00:00Z');
  await ask('undo', changeId, 'undo-1');
  at('2026-11-24T11:05:00Z');
  await evaluate(change(), { awsRequestId: 'request-3' });
};

/** Three weeks of two accounts, sealed by the keeper and with the state of their end. */
export const sealedWeeks = async () => {
  const root = await mkdtemp(join(tmpdir(), 'athena-'));
  const [intake = '', sealed = '', state = ''] = ['intake', 'sealed', 'state'].map((name) =>
    join(root, name),
  );
  const clock = { now: new Date(0) };
  const ledger = folderLedger(intake, () => clock.now);
  await fixAndUndo(ledger, (now) => (clock.now = now));
  for (const event of VERDICTS) {
    clock.now = new Date(event.time);
    await ledger.append([event]);
  }
  const keeper = {
    intake: folderStore(intake),
    sealed: folderStore(sealed),
    signer: localSigner(newPrivateKey()),
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(memoryTable(), () => SEALED_AT),
    mayGoOn: () => true,
  };
  const run = await keep(keeper, SEALED_AT, { firstHour: FIRST_HOUR });
  await mkdir(state);
  const manifest = await buildState({
    folder: join(state, 'snapshots'),
    events: ledger.read(),
    until: SEALED_AT,
  });
  await writeVerdicts(join(state, 'snapshots'), manifest, state);
  return { folders: { sealed, state }, run, remove: () => rm(root, { recursive: true }) };
};
