// Imports test files with a test runner that collects instead of running.
import { existsSync, readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

import type { RuleFixtures } from '@compliance/core/testing';

import type { ContractFixtures } from './contract-fixtures.ts';

/** What the test files of a package say, without running them. */
export interface CollectedTests {
  readonly contracts: readonly ContractFixtures[];
  /** The titles of its tests without the emulator. */
  readonly titles: readonly string[];
}

interface Collected {
  readonly contracts: ContractFixtures[];
  readonly titles: string[];
}

const collected: Collected = { contracts: [], titles: [] };

/** Modules are loaded once, so a second import of a test file would collect nothing. */
const known = new Map<string, CollectedTests>();

/** The contracts and the titles of the tests in a package's folder `test`. */
export const collectTests = async (folder: string): Promise<CollectedTests> => {
  const tests = known.get(folder) ?? (await loadTests(folder));
  known.set(folder, tests);
  return tests;
};

const loadTests = async (folder: string): Promise<CollectedTests> => {
  const test = join(folder, 'test');
  const files = existsSync(test) ? readdirSync(test).filter((file) => file.endsWith('.test.ts')) : [];
  const contracts: ContractFixtures[] = [];
  const titles: string[] = [];
  for (const file of files.toSorted()) {
    collected.contracts.length = 0;
    collected.titles.length = 0;
    await import(pathToFileURL(join(test, file)).href);
    contracts.push(...collected.contracts);
    if (!file.endsWith('.emulator.test.ts')) titles.push(...collected.titles);
  }
  return { contracts, titles };
};

type Body = () => unknown;

const collectTitle = (title: string): void => void collected.titles.push(title);
const collectGroup = (_title: string, body?: Body): void => void body?.();

/** `test.each(rows)(title)` and `test.for(rows)(title)`: the title of the first row stands for all. */
const forRows =
  (collect: (title: string, body?: Body) => void) =>
  (rows: readonly unknown[]) =>
  (title: string): void =>
    collect(`${titleOf(title, rows[0])}${rows.length > 1 ? ` (and ${rows.length - 1} more)` : ''}`);

/** As vitest formats it: `%s` takes the elements of the row, `$name` a member of it. */
const titleOf = (title: string, row: unknown): string => {
  const named = title.replaceAll(/\$(\w+)/g, (whole, name: string) =>
    typeof row === 'object' && row !== null && name in row
      ? format('%s', Object.entries(row).find(([key]) => key === name)?.[1])
      : whole,
  );
  const values: readonly unknown[] = Array.isArray(row) ? row : [row];
  const places = named.match(/%[sdifjoO]/g)?.length ?? 0;
  return format(named, ...values.slice(0, places));
};

const withRows = (collect: (title: string, body?: Body) => void) =>
  Object.assign(collect, {
    each: forRows(collect),
    for: forRows(collect),
    concurrent: collect,
    sequential: collect,
  });

/** Stands for whatever a test file uses while it is loaded; nothing of it is run. */
const unused: unknown = new Proxy(() => undefined, {
  get: (_, name) => (name === 'then' || typeof name === 'symbol' ? undefined : unused),
  apply: () => unused,
  construct: () => ({}),
});

const RUNNER: Readonly<Record<string, unknown>> = {
  describe: withRows(collectGroup),
  test: withRows(collectTitle),
  it: withRows(collectTitle),
  ...Object.fromEntries(
    ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'expect', 'inject', 'onTestFinished', 'vi'].map(
      (name) => [name, unused],
    ),
  ),
};

const describeRuleContract = (rule: { readonly command: string }, fixtures: RuleFixtures): void =>
  void collected.contracts.push({ command: rule.command, fixtures });

const TESTING = '@compliance/core/testing';
const COLLECTOR = Symbol.for('compliance.rule-fixtures');
Object.assign(globalThis, { [COLLECTOR]: { RUNNER, describeRuleContract } });

const access = `globalThis[Symbol.for('${COLLECTOR.description ?? ''}')]`;
const runnerSource = Object.keys(RUNNER)
  .map((name) => `export const ${name} = ${access}.RUNNER.${name};`)
  .join('\n');

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'vitest') return { url: 'collector:vitest', shortCircuit: true };
    const resolved = next(specifier, context);
    if (specifier !== TESTING || context.parentURL?.startsWith('collector:')) return resolved;
    return { url: `collector:testing?${resolved.url}`, shortCircuit: true };
  },
  load: (url, context, next) => {
    if (!url.startsWith('collector:')) return next(url, context);
    const [, real] = url.split('?');
    const source =
      real === undefined
        ? runnerSource
        : `export * from '${real}';\nexport const describeRuleContract = ${access}.describeRuleContract;`;
    return { format: 'module', source, shortCircuit: true };
  },
});
