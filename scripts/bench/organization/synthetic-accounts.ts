import type { Rule } from '../../../packages/core/src/rule/rule.ts';
import { pick, randomOf } from './random.ts';

/** How large a synthetic organization is. */
export interface OrganizationSize {
  readonly accounts: number;
  /** The number from which everything follows. */
  readonly seed: number;
}

export const REGIONS = ['eu-central-1', 'eu-west-1', 'us-east-1'] as const;
const HOME = 'eu-west-1';
const UNITS = 24;
const OWNERS = 400;

/** Resources of a type in an account of middle size; of other types, there are two. */
const PER_ACCOUNT: Readonly<Record<string, number>> = {
  'AWS::S3::Bucket': 22,
  'AWS::EC2::SecurityGroup': 28,
  'AWS::EC2::Instance': 30,
  'AWS::IAM::User': 12,
  'AWS::IAM::Policy': 8,
  'AWS::Lambda::Function': 25,
  'AWS::RDS::DBInstance': 8,
  'AWS::SQS::Queue': 10,
  'AWS::SNS::Topic': 10,
  'AWS::KMS::Key': 8,
  'AWS::SecretsManager::Secret': 8,
  'AWS::EC2::RouteTable': 6,
};

/** What members may write into names and tags, and what must stay text wherever it is shown. */
const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://example.invalid","pay")',
  '\u202Egnp.exe',
  'team\'s "best" & <b>only</b>',
  `long-${'x'.repeat(700)}`,
  'tab\tand\nline',
] as const;

export interface SyntheticAccount {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  /** The ids of its resources of a type in a Region, sorted. */
  readonly resources: (type: string, region: string) => readonly string[];
}

/** The same account for the same seed and index. A few have hostile names; a few are ten times as large as others. */
export const accountAt = (index: number, { seed }: OrganizationSize): SyntheticAccount => {
  const random = randomOf(seed + index * 7919);
  const size = 0.3 + 2.1 * random() ** 2;
  const id = String(100_000_000_000 + index * 7);
  const known = new Map<string, Map<string, string[]>>();
  const ofType = (type: string): Map<string, string[]> => {
    const ids = new Map(REGIONS.map((region): [string, string[]] => [region, []]));
    const count = Math.round((PER_ACCOUNT[type] ?? 2) * size * (0.7 + 0.6 * random()));
    const kind = type.split('::').at(-1)?.toLowerCase();
    for (let number = 0; number < count; number += 1) {
      const suffix = Math.floor(random() * 0xff_ff_ff_ff).toString(16);
      const isHostile = index % 500 === 7 && number === 0;
      ids
        .get(pick(REGIONS, random))
        ?.push(isHostile ? `${pick(HOSTILE, random)}-${suffix}` : `${kind}-${index.toString(36)}-${suffix}`);
    }
    for (const list of ids.values()) list.sort();
    return ids;
  };
  return {
    index,
    id,
    name: index % 500 === 7 ? `${pick(HOSTILE, random)} ${index}` : `workload-${index.toString(36)}`,
    unit: `Root/Division-${String(index % 4)}/Unit-${String(index % UNITS).padStart(2, '0')}`,
    resources: (type, region) => {
      const ids = known.get(type) ?? ofType(type);
      known.set(type, ids);
      return ids.get(region) ?? [];
    },
  };
};

/** The resources that a rule judges in an account and Region, sorted. */
export const judgedBy = (
  { resourceType, deploy }: Pick<Rule, 'resourceType' | 'deploy'>,
  account: SyntheticAccount,
  region: string,
): readonly string[] => {
  if (deploy === 'home-region') {
    if (region !== HOME) return [];
    return resourceType === 'AWS::::Account'
      ? [account.id]
      : REGIONS.flatMap((each) => account.resources(resourceType, each)).toSorted();
  }
  return resourceType === 'AWS::::Account' ? [account.id] : account.resources(resourceType, region);
};

/** Most resources of an account belong to its team. */
export const ownerAt = (index: number, random: () => number): string => {
  if (index % 500 === 7) return pick(HOSTILE, random).slice(0, 256);
  return `team-${random() < 0.9 ? index % OWNERS : (index + 1) % OWNERS}`;
};
