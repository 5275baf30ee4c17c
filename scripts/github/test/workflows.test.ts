import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const REPOSITORY = join(import.meta.dirname, '../../..');
const FOLDER = join(REPOSITORY, '.github/workflows');

const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const Workflow = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string() }),
  jobs: z.record(
    z.string(),
    z.object({
      permissions: z.record(z.string(), z.string()),
      'timeout-minutes': z.number(),
      environment: z.string().optional(),
      steps: z.array(Step),
    }),
  ),
});

const workflows = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return { file, text, ...Workflow.parse(parse(text)) };
});
const jobs = workflows.flatMap(({ file, jobs: own }) =>
  Object.entries(own).map(([name, job]) => ({ name: `${file} ${name}`, ...job })),
);
const steps = jobs.flatMap(({ name, steps: own }) => own.map((step) => ({ name, ...step })));

const targets = new Set(
  ['Makefile', 'deploy.mk', 'review.mk'].flatMap((file) =>
    [...readFileSync(join(REPOSITORY, file), 'utf8').matchAll(/^([a-z-]+):/gm)].map(([, target]) => target),
  ),
);

describe('what a workflow may do', () => {
  test('a workflow has no permissions by default', () => {
    expect(workflows.map(({ permissions }) => permissions)).toEqual(workflows.map(() => ({})));
  });
  test('only these jobs have permissions beyond reading the repository', () => {
    const writes = jobs.flatMap(({ name, permissions }) => {
      const granted = Object.entries(permissions).filter(
        ([scope, level]) => `${scope}: ${level}` !== 'contents: read',
      );
      return granted.length === 0 ? [] : [[name, Object.fromEntries(granted)] as const];
    });
    expect(Object.fromEntries(writes)).toEqual({
      'deploy.yml deploy': { 'id-token': 'write' },
      'plan.yml comment': { 'pull-requests': 'write' },
      'plan.yml plan': { 'id-token': 'write' },
      'reconcile.yml compare': { 'id-token': 'write' },
      'reconcile.yml propose': { contents: 'write', issues: 'write' },
      'reconcile.yml reconcile': { 'id-token': 'write' },
    });
  });
  test('every job has a timeout and every workflow a concurrency group', () => {
    expect(jobs.filter((job) => job['timeout-minutes'] > 120)).toEqual([]);
    expect(workflows.filter(({ concurrency }) => concurrency.group === '')).toEqual([]);
  });
  test('no workflow runs with the rights of the repository for a fork', () => {
    expect(workflows.flatMap(({ on }) => Object.keys(on))).not.toContain('pull_request_target');
    expect(workflows.flatMap(({ on }) => Object.keys(on))).not.toContain('workflow_run');
  });
  test('a job of a pull request with a token that writes runs code of the base, and no other', () => {
    const writing = workflows
      .filter(({ on }) => 'pull_request' in on)
      .flatMap(({ jobs: own }) => Object.values(own))
      .filter(({ permissions }) =>
        Object.entries(permissions).some(([scope, level]) => level === 'write' && scope !== 'id-token'),
      );
    const checkouts = writing
      .flatMap(({ steps: own }) => own)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.map(({ with: given }) => given?.['ref'])).toEqual(
      checkouts.map(() => '${{ github.event.pull_request.base.sha }}'),
    );
  });
  test('no job opens or approves a pull request', () => {
    expect(steps.filter(({ uses }) => uses?.includes('pull-request'))).toEqual([]);
  });
  test('every job that may write to AWS needs the reviewers of an environment', () => {
    const writing = jobs.filter(({ steps: own }) =>
      own.some(({ with: given }) => String(given?.['role-to-assume']).includes('DEPLOY')),
    );
    expect(writing.map(({ name, environment }) => [name, environment])).toEqual([
      ['deploy.yml deploy', 'production'],
      ['reconcile.yml reconcile', 'production'],
    ]);
  });
});

describe('what a workflow runs', () => {
  test('every action is pinned to a commit, with its version in a comment, the same everywhere', () => {
    const lines = workflows.flatMap(({ text }) =>
      text.split('\n').filter((line) => /^\s*-?\s*uses:/.test(line)),
    );
    expect(lines).toHaveLength(steps.filter(({ uses }) => uses !== undefined).length);
    const pinned = lines.map((line) =>
      /uses: ([\w-]+\/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(line),
    );
    expect(lines.filter((_, index) => !pinned[index])).toEqual([]);
    const versions = new Map(pinned.map((found) => [found?.[1], found?.slice(2).join(' ')]));
    expect(pinned.filter((found) => versions.get(found?.[1]) !== found?.slice(2).join(' '))).toEqual([]);
  });
  test('no checkout keeps credentials of GitHub', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.filter(({ with: given }) => given?.['persist-credentials'] !== false)).toEqual([]);
  });
  test.for(steps.flatMap(({ name, run }) => (run === undefined ? [] : [[name, run] as const])))(
    'the step of %s runs %s, which exists here and contains no expression',
    ([, run]) => {
      expect(run).not.toContain('${{');
      const [program = '', ...words] = run.split(' ');
      const isHere = (word: string) =>
        program === 'make' ? targets.has(word) : existsSync(join(REPOSITORY, program));
      expect((words.length === 0 ? [program] : words).filter((word) => !isHere(word))).toEqual([]);
    },
  );
});
