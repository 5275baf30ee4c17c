import { NONE, STATES, type RuleRow, type State } from '@compliance/dashboard-data';

import type { Dictionary } from './dictionary.ts';
import type { Random } from './random.ts';

/** A resource under a rule. */
export interface Verdict {
  readonly rule: number;
  readonly resource: string;
  readonly name?: string;
  readonly type: string;
  readonly region: string;
  readonly state: State;
  readonly since: number;
  readonly annotation?: string;
  readonly owner?: string;
  readonly exemption?: string;
}

/** The columns of findings, in the order of the verdicts. */
export const findingColumnsOf = (verdicts: readonly Verdict[], { put }: Dictionary) => {
  const optional = (text: string | undefined) => (text === undefined ? NONE : put(text));
  return {
    rule: verdicts.map(({ rule }) => rule),
    resource: verdicts.map(({ resource }) => resource),
    name: verdicts.map(({ name }) => optional(name)),
    type: verdicts.map(({ type }) => put(type)),
    region: verdicts.map(({ region }) => put(region)),
    state: verdicts.map(({ state }) => STATES.indexOf(state)),
    since: verdicts.map(({ since }) => since),
    annotation: verdicts.map(({ annotation }) => optional(annotation)),
    owner: verdicts.map(({ owner }) => optional(owner)),
    exemption: verdicts.map(({ exemption }) => optional(exemption)),
  };
};

const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;

/** How many resources of a type an account has about. */
const SIZES: Readonly<Record<string, number>> = {
  'AWS::::Account': 0,
  'AWS::S3::Bucket': 14,
  'AWS::IAM::User': 5,
  'AWS::IAM::Policy': 8,
  'AWS::EC2::SecurityGroup': 12,
  'AWS::EC2::Instance': 9,
};

/** The resources of a type in an account. */
export const resourcesOf = (type: string, accountId: string, random: Random) => {
  if (type === 'AWS::::Account') return [{ resource: accountId, region: 'us-east-1' }];
  const count = Math.max(1, Math.round((SIZES[type] ?? 3) * (0.4 + 1.2 * random.next())));
  return Array.from({ length: count }, () => resource(type, random));
};

const resource = (type: string, random: Random) => {
  const region = random.pick(REGIONS);
  switch (type) {
    case 'AWS::S3::Bucket':
      return { resource: `${random.pick(WORDS)}-${random.pick(WORDS)}-${random.hex(6)}`, region };
    case 'AWS::EC2::SecurityGroup':
      return {
        resource: `sg-0${random.hex(16)}`,
        name: `${random.pick(WORDS)}-${random.pick(WORDS)}`,
        region,
      };
    case 'AWS::EC2::Instance':
      return { resource: `i-0${random.hex(16)}`, region };
    case 'AWS::IAM::User':
      return {
        resource: `AIDA${random.hex(16).toUpperCase()}`,
        name: `${random.pick(WORDS)}.${random.pick(WORDS)}`,
        region: 'us-east-1',
      };
    default:
      return { resource: `${random.pick(WORDS)}-${random.hex(8)}`, region };
  }
};

const WORDS = [
  'ledger',
  'orders',
  'billing',
  'search',
  'media',
  'audit',
  'export',
  'session',
  'pricing',
  'fraud',
  'backup',
  'web',
] as const;

/** What a rule finds, in words. */
export const annotationOf = ({ command }: RuleRow, random: Random): string => {
  const [, texts = OTHERS] = FOUND.find(([part]) => command.includes(part)) ?? [];
  return random.pick(texts);
};

const OTHERS = ['It is off in this Region.', 'It was never set.'] as const;
/** By a part of the command; the first one counts. */
const FOUND: readonly (readonly [part: string, texts: readonly string[]])[] = [
  ['ROTATE', ['It is 132 days old, and 90 are allowed.', 'It is 97 days old, and 90 are allowed.']],
  ['UNUSED', ['It was used 97 days ago.', 'It was never used.']],
  ['MFA', ['No MFA device is assigned.']],
  ['VERSIONING', ['Versioning is Suspended.', 'Versioning is Off.']],
  ['HTTP', ['Its policy allows requests without TLS.']],
  [
    'SSH',
    ['All of IPv4 can reach tcp 22, through 0.0.0.0/0.', 'All of IPv6 can reach tcp 22, through ::/0.'],
  ],
  ['RDP', ['All of IPv4 can reach tcp 3389, through 0.0.0.0/0.']],
  ['PUBLIC', ['Its policy admits everybody.', 'Public access is not blocked.']],
  ['ADMIN', ['It allows every action on every resource.']],
  ['IMDS', ['It answers requests without a token.']],
  ['ENCRYPT', ['It is not encrypted.']],
];
