import { createHmac, randomBytes } from 'node:crypto';

import { NONE, type Account, type Overview, type Unit } from '@compliance/dashboard-data';

import type { FileData } from './single-file.ts';

/**
 * The data without names: of accounts, units, resources, owners, people, and without free texts. Figures, rules, states,
 * Regions and times stay. The same name has the same stand-in within a file, and another one in the next.
 */
export const redactData = ({ overview, units, accounts }: FileData): FileData => {
  const stand = standIns();
  const redacted = redactOverview(overview, stand);
  return {
    overview: redacted,
    units: units.map((unit, index): Unit => ({ ...unit, unit: redacted.units[index] ?? '' })),
    accounts: new Map(
      [...accounts].map(([index, account]) => [
        index,
        redactAccount(account, redacted.accounts.id[index] ?? '', stand),
      ]),
    ),
  };
};

type StandIn = (kind: string, text: string) => string;

/** A keyed digest: nobody finds a name by trying names. The key is forgotten with the run. */
const standIns = (): StandIn => {
  const key = randomBytes(32);
  return (kind, text) =>
    text === ''
      ? ''
      : `${kind}-${createHmac('sha256', key).update(`${kind} ${text}`).digest('hex').slice(0, 10)}`;
};

const TEXT = 'redacted';

const redactOverview = (overview: Overview, stand: StandIn): Overview => {
  const { accounts, owners, exemptions, remediation, oldestOpen, gaps } = overview;
  const dictionary = redactTexts(overview.texts, stand, [
    [accounts.owner, 'owner'],
    [exemptions.owner, 'owner'],
    [oldestOpen.owner, 'owner'],
    [remediation.recent.owner, 'owner'],
    [exemptions.approver, 'person'],
    [remediation.recent.actor, 'person'],
    [remediation.flapping.changedBy, 'person'],
    [oldestOpen.region, 'keep'],
    [oldestOpen.type, 'keep'],
    [remediation.recent.region, 'keep'],
    [gaps.reason, 'keep'],
  ]);
  const resources = (column: readonly string[]) => column.map((each) => stand('resource', each));
  const { evidence: _, ...rest } = overview;
  return {
    ...rest,
    organization: { id: stand('organization', overview.organization.id), name: 'Redacted organization' },
    texts: dictionary,
    units: overview.units.map((unit) => stand('unit', unit)),
    accounts: {
      ...accounts,
      id: accounts.id.map((id) => stand('account', id)),
      name: accounts.id.map((id) => stand('account', id)),
    },
    oldestOpen: {
      ...oldestOpen,
      resource: resources(oldestOpen.resource),
      name: oldestOpen.name.map(() => NONE),
    },
    owners: { ...owners, name: owners.name.map((name) => stand('owner', name)) },
    exemptions: {
      ...exemptions,
      id: exemptions.id.map((id) => stand('exemption', id)),
      reason: exemptions.reason.map(() => TEXT),
    },
    remediation: {
      ...remediation,
      recent: { ...remediation.recent, resource: resources(remediation.recent.resource) },
      flapping: { ...remediation.flapping, resource: resources(remediation.flapping.resource) },
    },
    notes: [
      ...overview.notes,
      'Names, ids, owners and texts are redacted: stand-ins are the same within this file only.',
    ],
  };
};

const redactAccount = (account: Account, id: string, stand: StandIn): Account => {
  const { findings } = account;
  return {
    ...account,
    account: id,
    texts: redactTexts(account.texts, stand, [
      [findings.owner, 'owner'],
      [findings.exemption, 'exemption'],
      [findings.region, 'keep'],
      [findings.type, 'keep'],
    ]),
    findings: {
      ...findings,
      resource: findings.resource.map((each) => stand('resource', each)),
      name: findings.name.map(() => NONE),
    },
    stories: account.stories.map(({ rule, resource, type, region, steps }) => ({
      rule,
      type,
      region,
      resource: stand('resource', resource),
      steps: steps.map(({ time, step }) => ({ time, step, text: '' })),
    })),
  };
};

type Kind = 'owner' | 'person' | 'exemption' | 'keep';

/** A dictionary: each text as the columns that point to it say; any other is a free text. */
const redactTexts = (
  texts: readonly string[],
  stand: StandIn,
  uses: readonly (readonly [column: readonly number[], kind: Kind])[],
): readonly string[] => {
  const kinds = new Map(
    uses.toReversed().flatMap(([column, kind]) => column.map((index): [number, Kind] => [index, kind])),
  );
  return texts.map((text, index) => {
    const kind = kinds.get(index);
    if (kind === 'keep') return text;
    return kind === undefined ? TEXT : stand(kind, text);
  });
};
