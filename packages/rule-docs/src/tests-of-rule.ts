import type { Rule } from '@compliance/core';

/** The fixtures that a rule's contract runs with, as far as the documentation depends on them. */
export interface Contract {
  readonly command: string;
  readonly fixtures: Fixtures;
}

type SeedKind = 'compliant' | 'nonCompliant' | 'notApplicable' | 'manual' | 'oneWay' | 'settling';

interface Fixtures {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly compliant: object;
  readonly nonCompliant: object;
  readonly notApplicable?: object;
  readonly manual?: object;
  readonly oneWay?: object;
  readonly settling?: object;
  readonly elsewhere?: string;
  readonly notIn?: readonly string[];
  readonly item?: unknown;
  readonly unproven?: Readonly<Record<string, string>>;
}

/** What the test files of a package say, without running them. */
interface PackageTests {
  readonly contracts: readonly Contract[];
  /** The titles of its tests without the emulator. */
  readonly titles: readonly string[];
}

/** A rule with the package that holds it, and what its tests say. */
export interface TestedRule extends PackageTests {
  readonly rule: Rule;
  /** The families that it imports, as folders. */
  readonly families: readonly string[];
}

/** The titles of the seeds of a kind, over all contracts of the rule. */
export const seedTitles = (contracts: readonly Contract[], kind: SeedKind): readonly string[] => [
  ...new Set(contracts.flatMap(({ fixtures }) => Object.keys(fixtures[kind] ?? {}))),
];
