import type { Account, Overview, Unit } from '../src/index.ts';

const AS_OF = Date.UTC(2026, 10, 29, 12) / 1000;
const header = { schemaVersion: 1, asOf: AS_OF } as const;
const counts = { compliant: [3], violating: [1], exempt: [0], excluded: [0], unknown: [0] };
const noRows = { rule: [], count: [], mean: [], p90: [] };
const noFindings = {
  rule: [],
  resource: [],
  name: [],
  type: [],
  region: [],
  state: [],
  since: [],
  annotation: [],
  owner: [],
  exemption: [],
};

/** One unit, one account, one rule. */
export const smallOverview: Overview = {
  ...header,
  kind: 'overview',
  organization: { id: 'o-example', name: 'Example' },
  texts: ['team-a@example.com'],
  rules: [
    {
      command: 'S3_ENABLE_VERSIONING',
      title: 'Buckets keep former versions of their objects',
      severity: 'medium',
      service: 'S3',
      resourceType: 'AWS::S3::Bucket',
      fix: 'safe',
      controls: { 'cis-7.0': ['2.1.1'] },
    },
  ],
  frameworks: [
    {
      id: 'cis-7.0',
      title: 'CIS AWS Foundations Benchmark 7.0',
      requirements: [
        {
          id: '2.1.1',
          title: 'Versions are kept',
          section: 'Storage',
          level: 1,
          assessment: 'automated',
          rules: [0],
          detection: 'full',
          fix: 'all',
        },
      ],
    },
  ],
  units: ['Root/Workloads'],
  matrix: counts,
  accounts: { id: ['111122223333'], name: ['payments'], unit: [0], owner: [0], swept: [AS_OF] },
  accountCounts: counts,
  trend: { at: [AS_OF], counts },
  gaps: { from: [], to: [], reason: [] },
  skipped: 0,
  timeToRemediate: { since: AS_OF, count: 0, byRule: noRows },
  oldestOpen: { ...noFindings, account: [] },
  worse: { since: AS_OF, rows: { unit: [], rule: [], before: [], now: [] } },
  owners: { name: ['team-a@example.com'], open: [1], exempt: [0], fixed: [0], failed: [0], accounts: [[0]] },
  exemptions: {
    id: [],
    rules: [],
    scope: [],
    count: [],
    reason: [],
    owner: [],
    approver: [],
    ticket: [],
    expires: [],
  },
  remediation: {
    since: AS_OF,
    byRule: { fixed: [0], applied: [0], failed: [0], undone: [0], flapping: [0], limited: [0], waiting: [0] },
    recent: {
      time: [],
      rule: [],
      account: [],
      resource: [],
      region: [],
      outcome: [],
      text: [],
      actor: [],
      owner: [],
      change: [],
    },
    total: 0,
    flapping: { rule: [], account: [], resource: [], times: [], changedBy: [] },
  },
  levels: { units: true, accounts: 'all', verdicts: 4 },
  notes: [],
};

export const smallUnit: Unit = {
  ...header,
  kind: 'unit',
  unit: 'Root/Workloads',
  accounts: [0],
  matrix: counts,
};

export const smallAccount: Account = {
  ...header,
  kind: 'account',
  account: '111122223333',
  texts: ['AWS::S3::Bucket', 'eu-west-1', 'Versioning is off.', 'team-a@example.com'],
  counts,
  findings: {
    rule: [0],
    resource: ['logs'],
    name: [-1],
    type: [0],
    region: [1],
    state: [1],
    since: [AS_OF - 86_400],
    annotation: [2],
    owner: [3],
    exemption: [-1],
  },
  stories: [],
};
