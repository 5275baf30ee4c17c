import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { OPTION_NAMES } from '../deploy/src/base/options.ts';

const REPOSITORY = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(REPOSITORY, path), 'utf8');
const TABLE = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(read('scripts/make-variables.json')));

/** What make says about a dry run of these words. */
const make = (words: readonly string[], env: Record<string, string> = {}): string => {
  // In the environment of a recipe of make, the check leaves it to the first make.
  const { MAKELEVEL: _, MAKEFLAGS: __, MFLAGS: ___, ...clean } = process.env;
  try {
    return execFileSync('make', ['-n', ...words], {
      cwd: REPOSITORY,
      env: { ...clean, ...env },
      encoding: 'utf8',
      stdio: 'pipe',
    });
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
  }
};

describe('the table of the variables', () => {
  test('the table has every target', () => {
    const rules = ['Makefile', 'deploy.mk', 'review.mk'].flatMap((file) =>
      [...read(file).matchAll(/^([a-z-]+):(?!=)/gm)].map(([, target = '']) => target),
    );
    expect(Object.keys(TABLE).toSorted()).toEqual([...new Set(rules)].toSorted());
  });
  test('the variables of the deployment targets are exactly those that deploying parses', () => {
    const phony = /^DEPLOYING := (.*)$/m.exec(read('deploy.mk'))?.[1]?.split(' ') ?? [];
    const theirs = new Set(phony.flatMap((target) => TABLE[target] ?? []));
    expect([...theirs].toSorted()).toEqual(OPTION_NAMES.toSorted());
  });
});

describe("make's command line", () => {
  test.each([
    [
      'deploy-member',
      'ACCOUNT=1',
      'make deploy-member has no variable ACCOUNT: did you mean ACCOUNTS. It has LOCAL,',
    ],
    ['destroy', 'ACCOUNTS=1', 'make destroy has no variable ACCOUNTS. It has LOCAL, YES,'],
    ['settings', 'region=x', 'make settings has no variable region. It has LOCAL,'],
    ['review', 'BAS=x', 'did you mean BASE'],
    ['check', 'ACCOUNTS=1', 'make check has no variable ACCOUNTS. It has none'],
  ])('make %s %s is refused before anything runs', (target, variable, message) => {
    expect(make([target, variable])).toContain(message);
  });
  test.each([
    ['LOCAL', 'LOCAL is a variable, not a target: write LOCAL=…'],
    ['yes', 'yes is a variable, not a target: write YES=…'],
    ['rolout', 'make has no target rolout: did you mean rollout. make help lists them'],
    ['something-else', 'make has no target something-else. make help lists them'],
  ])('make deploy-master %s is refused before the first target runs', (word, message) => {
    const said = make(['deploy-master', word]);
    expect(said).toContain(message);
    expect(said).not.toContain('main.ts deploy-master');
  });
  test('LOCAL=0 is AWS in every target, as without it', () => {
    expect(make(['synth', 'LOCAL=0'])).toBe(make(['synth']));
    expect(make(['preflight', 'LOCAL=no'])).toBe(make(['preflight']));
  });
  test('the path of the settings may have a space', () => {
    expect(make(['synth', 'SETTINGS=my settings.yaml'])).toContain('--settings "$SETTINGS"');
  });
  test('several targets have the variables of each', () => {
    expect(make(['settings', 'deploy-member', 'ACCOUNTS=1'])).toContain('main.ts deploy-member');
  });
});

describe('the environment', () => {
  test.each([
    ['ACCOUNT', 'ACCOUNTS'],
    ['accounts', 'ACCOUNTS'],
    ['ACOUNTS', 'ACCOUNTS'],
    ['ACCUONTS', 'ACCOUNTS'],
    ['REGION', 'REGIONS'],
  ])('%s, which is like %s, is refused', (name, meant) => {
    expect(make(['deploy-member'], { [name]: 'x' })).toContain(
      `make deploy-member: the environment has ${name}, but the variable is ${meant}.`,
    );
  });
  test('variables of other programs and of other targets are none of its business', () => {
    const others = {
      LOCALE: 'x',
      PREVIEW: 'x',
      AWS_REGION: 'x',
      BASH: 'x',
      PLAN: 'x',
      YES: '1',
      CANARY: '1',
    };
    expect(make(['review'], others)).toContain('main.js review');
  });
});
