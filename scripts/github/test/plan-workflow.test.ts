import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

import { parseSettings } from '../../../packages/core/src/index.ts';
import { loadAllRules } from '../../../packages/registry/src/index.ts';
import { goodPlan } from '../../../packages/deployment-checks/test/good-plan.ts';
import { planBetween } from '../../../packages/deployment-checks/test/plan-between.ts';
import { fakeGitHub, type Held } from './fake-github.ts';

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, '../../..');

const Steps = z.object({
  jobs: z.record(
    z.string(),
    z.object({
      steps: z.array(
        z.object({ run: z.string().optional(), env: z.record(z.string(), z.string()).optional() }),
      ),
    }),
  ),
});

const settingsOf = (mode: string) => ({
  organization: {
    id: 'o-exampleorg1',
    masterAccountId: '999988887777',
    externalId: 'an-external-id',
    homeRegion: 'eu-west-1',
    regions: ['eu-west-1'],
  },
  accounts: [{ id: '111122223333', name: 'payments' }],
  rules: { S3_ENABLE_VERSIONING: { mode } },
});

let folder: string;
let github: Awaited<ReturnType<typeof fakeGitHub>>;
const comments: Held[] = [];
const path = (...parts: readonly string[]) => join(folder, ...parts);

/** Sets up a repository whose last commit turns a rule to auto, and the plans that `make plan` writes. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workflow-'));
  github = await fakeGitHub(comments);
  const git = (...words: readonly string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words]);
  await git('init', '--quiet');
  for (const mode of ['observe', 'auto']) {
    await writeFile(path('compliance.yaml'), stringify(settingsOf(mode)));
    await git('add', 'compliance.yaml');
    await git('commit', '--quiet', '-m', mode);
  }
  const rules = await loadAllRules();
  const plan = planBetween(
    goodPlan(rules, parseSettings(settingsOf('observe'))),
    goodPlan(rules, parseSettings(settingsOf('auto'))),
  );
  await mkdir(path('plans/rollout/999988887777'), { recursive: true });
  await writeFile(path('plans/rollout/999988887777/eu-west-1.json'), JSON.stringify(plan));
});
afterAll(async () => {
  github.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The steps of a job in their order, with GitHub's expressions resolved. */
const stepsOf = async (job: string) => {
  const text = await readFile(join(REPOSITORY, '.github/workflows/plan.yml'), 'utf8');
  const known = new Map([
    ['${{ github.token }}', 'a-token'],
    ['${{ github.event.pull_request.number }}', '7'],
    ['${{ vars.AWS_MEMBER_PLAN_ROLE }}', ''],
  ]);
  return (Steps.parse(parse(text)).jobs[job]?.steps ?? []).flatMap(({ run: line, env = {} }) =>
    line === undefined
      ? []
      : {
          line,
          env: Object.fromEntries(
            Object.entries(env).map(([name, value]) => [name, known.get(value) ?? value]),
          ),
        },
  );
};

const stepOf = async (job: string, wanted: string) => {
  const found = (await stepsOf(job)).find(({ line }) => line === wanted);
  if (found) return found;
  throw new Error(`The job ${job} of plan.yml does not run ${wanted}.`);
};

const perform = async ({ line, env }: { readonly line: string; readonly env: Record<string, string> }) => {
  const environment = {
    ...process.env,
    ...env,
    PLANS: path('plans'),
    REVIEW: path('review'),
    SETTINGS: path('compliance.yaml'),
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: 'owner/name',
    GITHUB_STEP_SUMMARY: path('summary.md'),
  };
  const [program = '', ...words] = line.split(' ');
  try {
    await run(program, words, { cwd: REPOSITORY, env: environment });
    return 0;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('the steps of plan.yml', { timeout: 60_000 }, () => {
  test('plan.yml sets up and plans before it reviews and comments', async () => {
    expect((await stepsOf('plan')).map(({ line }) => line)).toEqual([
      'make setup build',
      'make plan',
      'make review',
    ]);
    expect((await stepsOf('comment')).map(({ line }) => line)).toEqual(['make setup', 'make comment']);
  });

  // `make plan` itself is tested in scripts/deploy; here its output is fixed.
  test('plan.yml reviews the plans against the settings of the base and posts one comment', async () => {
    expect(await perform(await stepOf('plan', 'make review'))).toBe(0);
    expect(await perform(await stepOf('comment', 'make comment'))).toBe(0);
    const [comment] = comments;
    expect(comments).toHaveLength(1);
    expect(comment?.body).toContain('S3_ENABLE_VERSIONING: mode observe becomes auto');
    expect(comment?.body).toContain('**No errors**');
    expect(await readFile(path('summary.md'), 'utf8')).toBe(await readFile(path('review/review.md'), 'utf8'));
  });

  test('plan.yml fails on a review with errors and still writes the comment', async () => {
    const file = path('plans/rollout/999988887777/eu-west-1.json');
    const plan = await readFile(file, 'utf8');
    await writeFile(
      file,
      plan.replaceAll('"principal":"config.amazonaws.com"', '"principal":"s3.amazonaws.com"'),
    );
    // What make says when a recipe fails.
    expect(await perform(await stepOf('plan', 'make review'))).toBe(2);
    expect(await perform(await stepOf('comment', 'make comment'))).toBe(0);
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain('Do not apply this plan.');
  });

  test('plan.yml reports a missing plan in the comment', async () => {
    await rm(path('review'), { recursive: true });
    expect(await perform(await stepOf('comment', 'make comment'))).toBe(0);
    expect(comments[0]?.body).toContain('**Not planned.**');
  });
});
