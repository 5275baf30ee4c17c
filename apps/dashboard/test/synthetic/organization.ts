import {
  addCounts,
  countsAt,
  NONE,
  NO_COUNTS,
  OUTCOMES,
  type Account,
  type CountColumns,
  type Counts,
  type Overview,
  type State,
  type Story,
  type Unit,
} from '@compliance/dashboard-data';

import { createDictionary } from './dictionary.ts';
import { annotationOf, findingColumnsOf, resourcesOf, type Verdict } from './findings.ts';
import { randomOf, type Random } from './random.ts';
import { frameworks, rules } from './rules.ts';
import { storyOf } from './story.ts';

export interface Wish {
  readonly accounts: number;
  readonly units: number;
  readonly seed?: number;
  /** Seconds since 1970. */
  readonly asOf?: number;
}

/** The data of an organization that does not exist. */
export interface Synthetic {
  readonly overview: Overview;
  readonly units: readonly Unit[];
  readonly accounts: readonly Account[];
  /** Every verdict with the id of its account. */
  readonly verdicts: readonly (Verdict & { readonly account: string })[];
}

const DAY = 86_400;
/** Younger than what the ledger's readers keep. */
const STORY_DAYS = 80;
const AS_OF = Date.UTC(2026, 10, 29, 12) / 1000;
const UNITS = [
  'Payments',
  'Retail',
  'Platform',
  'Data',
  'Security',
  'Sandbox',
  'Media',
  'Logistics',
] as const;
const STAGES = ['Prod', 'Test', 'Dev'] as const;
const PURPOSES = ['api', 'batch', 'web', 'core', 'edge', 'reporting', 'identity', 'archive'] as const;

/** Makes an organization. The same wish makes the same organization. */
export const syntheticOrganization = ({
  accounts: count,
  units: unitCount,
  seed = 1,
  asOf = AS_OF,
}: Wish): Synthetic => {
  const random = randomOf(seed);
  const unitNames = Array.from({ length: unitCount }, (_, index) => unitName(index));
  const maturity = unitNames.map(() => 0.4 + 1.4 * random.next());
  const people = unitNames.map(
    (_, index) =>
      `team-${(UNITS[index % UNITS.length] ?? '').toLowerCase()}${index < UNITS.length ? '' : `-${index}`}@example.com`,
  );
  const made = Array.from({ length: count }, (_, index) => {
    const unit = index % unitCount;
    const id = `${100_000_000_000 + index * 7_919_113}`;
    const account = { id, name: accountName(unit, index), unit, owner: people[unit] ?? '' };
    return { ...account, verdicts: verdictsOf(account, maturity[unit] ?? 1, asOf, random) };
  });
  const matrixOf = (verdicts: readonly Verdict[]) =>
    columnsOf(rules.map((_, rule) => tally(verdicts.filter((one) => one.rule === rule))));
  const accounts = made.map((account) => accountFile(account, matrixOf(account.verdicts), asOf, random));
  const units = unitNames.map((unit, index): Unit => {
    const members = made.flatMap((account, position) => (account.unit === index ? [position] : []));
    const rows = members.flatMap((position) =>
      rules.map((_, rule) => countsAt(accounts[position]?.counts ?? EMPTY, rule)),
    );
    return { schemaVersion: 1, kind: 'unit', asOf, unit, accounts: members, matrix: columnsOf(rows) };
  });
  const overview = overviewOf({ unitNames, made, accounts, units, people, asOf, random });
  return {
    overview,
    units,
    accounts,
    verdicts: made.flatMap(({ id, verdicts }) => verdicts.map((verdict) => ({ ...verdict, account: id }))),
  };
};

type Made = {
  readonly id: string;
  readonly name: string;
  readonly unit: number;
  readonly owner: string;
  readonly verdicts: readonly Verdict[];
};

const EMPTY: CountColumns = { compliant: [], violating: [], exempt: [], excluded: [], unknown: [] };

const unitName = (index: number): string =>
  `Root/Workloads/${UNITS[index % UNITS.length]}/${STAGES[Math.floor(index / UNITS.length) % STAGES.length]}`;

const accountName = (unit: number, index: number): string =>
  `${(UNITS[unit % UNITS.length] ?? '').toLowerCase()}-${PURPOSES[Math.floor(index / 3) % PURPOSES.length]}-${String(index).padStart(4, '0')}`;

const columnsOf = (rows: readonly Counts[]): CountColumns => ({
  compliant: rows.map(({ compliant }) => compliant),
  violating: rows.map(({ violating }) => violating),
  exempt: rows.map(({ exempt }) => exempt),
  excluded: rows.map(({ excluded }) => excluded),
  unknown: rows.map(({ unknown }) => unknown),
});

const tally = (verdicts: readonly Verdict[]): Counts => {
  const counts = { ...NO_COUNTS } as Record<State, number>;
  for (const { state } of verdicts) counts[state] += 1;
  return counts;
};

/** `EX-5` has ended, so that it covers nothing. */
const IN_FORCE = ['EX-1', 'EX-2', 'EX-3', 'EX-4', 'EX-6'] as const;

/** A rule's share of violations: severe rules are violated less often. */
const SHARES = { critical: 0.02, high: 0.06, medium: 0.11, low: 0.18 } as const;

const verdictsOf = (
  account: Omit<Made, 'verdicts'>,
  maturity: number,
  asOf: number,
  random: Random,
): readonly Verdict[] => {
  const byType = new Map<string, ReturnType<typeof resourcesOf>>();
  return rules.flatMap((rule, index) => {
    const resources = byType.get(rule.resourceType) ?? resourcesOf(rule.resourceType, account.id, random);
    byType.set(rule.resourceType, resources);
    return resources.map((resource) => {
      const state = stateOf(SHARES[rule.severity] * maturity, random);
      const verdict = {
        ...resource,
        rule: index,
        type: rule.resourceType,
        state,
        // Few are old.
        since: asOf - Math.round(DAY * 380 * random.next() ** 3) - random.below(DAY),
        owner: account.owner,
      };
      if (state === 'compliant') return verdict;
      const annotation =
        state === 'unknown'
          ? 'Not judged: AccessDenied (s3:GetBucketVersioning). Grant it to the role.'
          : annotationOf(rule, random);
      return {
        ...verdict,
        annotation,
        ...(state === 'exempt' && { exemption: IN_FORCE[index % IN_FORCE.length] }),
      };
    });
  });
};

const stateOf = (share: number, random: Random): State => {
  if (random.chance(share)) return random.chance(0.12) ? 'exempt' : 'violating';
  if (random.chance(0.008)) return 'unknown';
  return random.chance(0.006) ? 'excluded' : 'compliant';
};

const accountFile = (account: Made, counts: CountColumns, asOf: number, random: Random): Account => {
  const dictionary = createDictionary();
  const bad = account.verdicts.filter(({ state }) => state !== 'compliant');
  const findings = findingColumnsOf(bad, dictionary);
  const stories: readonly Story[] = account.verdicts
    .filter(({ state }) => state === 'exempt' || random.chance(state === 'compliant' ? 0.02 : 0.2))
    .filter(({ state, since }) => state !== 'violating' || since > asOf - STORY_DAYS * DAY)
    .slice(0, 12)
    .map((verdict) => storyOf(verdict, asOf, random))
    .toSorted((a, b) => (b.steps.at(-1)?.time ?? 0) - (a.steps.at(-1)?.time ?? 0));
  return {
    schemaVersion: 1,
    kind: 'account',
    asOf,
    account: account.id,
    texts: dictionary.texts,
    counts,
    findings,
    stories: [...stories],
  };
};

interface Parts {
  readonly unitNames: readonly string[];
  readonly made: readonly Made[];
  readonly accounts: readonly Account[];
  readonly units: readonly Unit[];
  readonly people: readonly string[];
  readonly asOf: number;
  readonly random: Random;
}

const overviewOf = ({ unitNames, made, accounts, units, people, asOf, random }: Parts): Overview => {
  const dictionary = createDictionary();
  const { put } = dictionary;
  const matrix = columnsOf(
    units.flatMap((unit) =>
      rules.map((_, rule) =>
        sum(unit.accounts.map((_account, row) => countsAt(unit.matrix, row * rules.length + rule))),
      ),
    ),
  );
  const accountCounts = columnsOf(
    accounts.map(({ counts }) => sum(rules.map((_, rule) => countsAt(counts, rule)))),
  );
  const total = sum(made.map((_, index) => countsAt(accountCounts, index)));
  const open = made
    .flatMap((account, index) =>
      account.verdicts
        .filter(({ state }) => state === 'violating')
        .map((verdict) => ({ ...verdict, account: index })),
    )
    .toSorted((a, b) => a.since - b.since)
    .slice(0, 100);
  return {
    schemaVersion: 1,
    kind: 'overview',
    asOf,
    organization: { id: 'o-example1234', name: 'Example Group' },
    rules: [...rules],
    frameworks: [...frameworks],
    units: unitNames,
    matrix,
    accounts: {
      id: made.map(({ id }) => id),
      name: made.map(({ name }) => name),
      unit: made.map(({ unit }) => unit),
      owner: made.map(({ owner }) => put(owner)),
      swept: made.map((_, index) => (index % 61 === 60 ? 0 : asOf - random.below(6 * 3600))),
    },
    accountCounts,
    trend: trendOf(total, asOf, random),
    gaps: {
      from: [asOf - 151 * DAY],
      to: [asOf - 146 * DAY],
      reason: [put('No ledger: the bucket was being moved.')],
    },
    skipped: 0,
    timeToRemediate: {
      since: asOf - 90 * DAY,
      count: 412,
      mean: 2_260 * 60,
      p90: 9_400 * 60,
      byRule: {
        rule: rules.map((_, index) => index),
        count: rules.map(() => 2 + random.below(40)),
        mean: rules.map(() => 60 * (30 + random.below(4_000))),
        p90: rules.map(() => 60 * (5_000 + random.below(9_000))),
      },
    },
    oldestOpen: { ...findingColumnsOf(open, dictionary), account: open.map(({ account }) => account) },
    worse: worseOf(unitNames, matrix, asOf, random),
    owners: ownersOf(people, made, random),
    exemptions: exemptionsOf(made, asOf, put),
    remediation: remediationOf(made, asOf, random, put),
    evidence: { until: asOf - 1800, head: random.hex(64), verified: 'verified', missingHours: 0 },
    levels: {
      units: true,
      accounts: 'all',
      verdicts: made.reduce((rows, { verdicts }) => rows + verdicts.length, 0),
    },
    notes: [],
    texts: dictionary.texts,
  };
};

const sum = (rows: readonly Counts[]): Counts => rows.reduce(addCounts, NO_COUNTS);

/** 400 days in which violations fell, with a setback. */
const trendOf = (total: Counts, asOf: number, random: Random): Overview['trend'] => {
  const days = Array.from({ length: 400 }, (_, index) => 399 - index).filter((age) => age < 147 || age > 150);
  const rows = days.map((age) => {
    const factor =
      age === 0 ? 1 : 1 + age / 170 + (age > 40 && age < 75 ? 0.5 : 0) + 0.06 * (random.next() - 0.5);
    const violating = Math.round(total.violating * factor);
    const unknown = Math.round(total.unknown * (1 + age / 300));
    const size = 1 - age / 1600;
    const all = Math.round((total.compliant + total.violating + total.unknown) * size);
    return {
      ...total,
      compliant: Math.max(0, all - violating - unknown),
      violating,
      unknown,
      exempt: Math.round(total.exempt * (0.5 + 0.5 * size)),
    };
  });
  return { at: days.map((age) => asOf - age * DAY), counts: columnsOf(rows) };
};

const worseOf = (
  units: readonly string[],
  matrix: CountColumns,
  asOf: number,
  random: Random,
): Overview['worse'] => {
  const rows = units
    .flatMap((_, unit) =>
      rules.map((_rule, rule) => {
        const { violating, unknown } = countsAt(matrix, unit * rules.length + rule);
        return {
          unit,
          rule,
          before: Math.max(0, violating + unknown - random.below(5)),
          now: violating + unknown,
        };
      }),
    )
    .filter(({ before, now }) => now > before)
    .toSorted((a, b) => b.now - b.before - (a.now - a.before))
    .slice(0, 12);
  return {
    since: asOf - 30 * DAY,
    rows: {
      unit: rows.map(({ unit }) => unit),
      rule: rows.map(({ rule }) => rule),
      before: rows.map(({ before }) => before),
      now: rows.map(({ now }) => now),
    },
  };
};

const ownersOf = (people: readonly string[], made: readonly Made[], random: Random): Overview['owners'] => {
  const rows = people
    .map((name) => {
      const theirs = made.flatMap((account, index) =>
        account.owner === name ? [{ index, verdicts: account.verdicts }] : [],
      );
      const counts = tally(theirs.flatMap(({ verdicts }) => verdicts));
      return {
        name,
        open: counts.violating + counts.unknown,
        exempt: counts.exempt,
        fixed: random.below(60),
        failed: random.below(3),
        accounts: theirs.map(({ index }) => index),
      };
    })
    .toSorted((a, b) => b.open - a.open);
  return {
    name: rows.map(({ name }) => name),
    open: rows.map(({ open }) => open),
    exempt: rows.map(({ exempt }) => exempt),
    fixed: rows.map(({ fixed }) => fixed),
    failed: rows.map(({ failed }) => failed),
    accounts: rows.map(({ accounts }) => accounts),
  };
};

const REASONS = [
  'The vendor supports no TLS until the next release',
  'Public by purpose: the web site',
  'Replaced in the first quarter; the old database stays until then',
  'The key is rotated by the hardware module',
  'A penetration test needs it',
  'The load balancer terminates it; accepted by the risk board',
];

const exemptionsOf = (
  made: readonly Made[],
  asOf: number,
  put: (text: string) => number,
): Overview['exemptions'] => {
  const ids = REASONS.map((_, index) => `EX-${1 + index}`);
  const covered = ids.map((id) =>
    made.reduce(
      (count, { verdicts }) => count + verdicts.filter(({ exemption }) => exemption === id).length,
      0,
    ),
  );
  return {
    id: ids,
    rules: ids.map((_, index) => rules.flatMap((_rule, rule) => (rule % 6 === index ? [rule] : []))),
    scope: ids.map((_, index) =>
      put(index % 2 === 0 ? 'OU Root/Workloads/Retail, every Region' : 'Every account, tag exempt=approved'),
    ),
    count: covered,
    reason: REASONS,
    owner: ids.map((_, index) => put(`team-${(UNITS[index] ?? '').toLowerCase()}@example.com`)),
    approver: ids.map((_, index) => put(index % 2 === 0 ? 'ciso@example.com' : 'risk-board@example.com')),
    ticket: ids.map((_, index) => put(`RISK-${210 + index}`)),
    expires: [12, 25, 63, 120, -4, 300].map((days) => Math.floor(asOf / DAY) * DAY + days * DAY),
  };
};

const remediationOf = (
  made: readonly Made[],
  asOf: number,
  random: Random,
  put: (text: string) => number,
): Overview['remediation'] => {
  const per = (limit: number) => rules.map(({ fix }) => (fix === 'person' ? 0 : random.below(limit)));
  const size = Math.min(200, made.length * 12);
  const recent = Array.from({ length: size }, (_, index) => {
    const account = random.below(made.length);
    const verdict = random.pick(made[account]?.verdicts ?? []);
    return {
      ...verdict,
      account,
      time: asOf - index * 9_000 - random.below(5_000),
      outcome: random.chance(0.85) ? 0 : random.below(OUTCOMES.length),
    };
  });
  const byRule = {
    fixed: per(40),
    applied: per(3),
    failed: per(4),
    undone: per(2),
    flapping: per(2),
    limited: per(3),
    waiting: per(6),
  };
  const ended = [byRule.fixed, byRule.applied, byRule.failed, byRule.undone, byRule.limited];
  return {
    since: asOf - 90 * DAY,
    byRule,
    recent: {
      time: recent.map(({ time }) => time),
      rule: recent.map(({ rule }) => rule),
      account: recent.map(({ account }) => account),
      resource: recent.map(({ resource }) => resource),
      region: recent.map(({ region }) => put(region)),
      outcome: recent.map(({ outcome }) => outcome),
      text: recent.map(() => put('status: "Off" → "Enabled"')),
      actor: recent.map((_, index) =>
        index % 3 === 0 ? put('arn:aws:sts::111122223333:assumed-role/operators/dana') : NONE,
      ),
      owner: recent.map(({ owner }) => (owner === undefined ? NONE : put(owner))),
      change: recent.map(() => put(`change-${random.hex(12)}`)),
    },
    total: Math.max(
      size,
      ended.flat().reduce((total, count) => total + count, 0),
    ),
    flapping: {
      rule: [9],
      account: [0],
      resource: ['orders-export-77aa01'],
      times: [4],
      changedBy: [put('arn:aws:iam::111122223333:role/deploy')],
    },
  };
};
