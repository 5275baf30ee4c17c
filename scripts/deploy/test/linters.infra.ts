import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isGlobMatch } from '@compliance/core';
import { DASHBOARD, LEDGER } from '@compliance/infra/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

import { REPOSITORY } from '../src/base/paths.ts';
import { synth } from '../src/terraform/synth.ts';
import { policiesOf, readModules, scannable, writeJson } from './lint/emitted-modules.ts';
import { cfnLint, checkov, parliament, whyNoLinters, type Finding } from './lint/linters.ts';

const missing = await whyNoLinters();
if (missing !== undefined) console.warn(`Skipped: ${missing}`);

const Exceptions = z.array(
  z.strictObject({ check: z.string(), on: z.string().default('*'), why: z.string().min(20) }),
);
type Exception = z.infer<typeof Exceptions>[number];

const isOf = ({ check, on }: Exception, finding: Finding) =>
  finding.check === check && isGlobMatch(on, finding.subject);

/** Whether a finding is in the planted errors, which show that the linters work. */
const isPlanted = ({ subject }: Finding) => subject.startsWith('planted');

describe.skipIf(missing !== undefined)('the linters on the output of make synth', () => {
  let folder: string;
  let exceptions: readonly Exception[];
  let found: Readonly<Record<'packs' | 'policies' | 'modules', readonly Finding[]>>;

  beforeAll(async () => {
    exceptions = Exceptions.parse(
      parse(await readFile(join(REPOSITORY, 'infra/lint-exceptions.yaml'), 'utf8')),
    );
    folder = await mkdtemp(join(tmpdir(), 'lint-'));
    const emitted = join(folder, 'emitted');
    const settingsPath = join(folder, 'compliance.yaml');
    // The example turns on few rules and nothing optional. What all of it emits is linted.
    const example: unknown = parse(await readFile(join(REPOSITORY, 'compliance.example.yaml'), 'utf8'));
    await writeFile(
      settingsPath,
      stringify(
        Object.assign({}, example, { defaults: { mode: 'plan' }, ledger: LEDGER, dashboard: DASHBOARD }),
      ),
    );
    await synth({
      settingsPath,
      modules: emitted,
      say: () => undefined,
    });
    await layOut(emitted);
    const [packs, policies, modules] = await Promise.all([
      cfnLint(join(folder, 'packs')),
      parliament(join(folder, 'policies')),
      checkov(join(folder, 'modules')),
    ]);
    found = { packs, policies, modules };
  });
  afterAll(async () => rm(folder, { recursive: true }));

  /** Writes packs, policies and modules to separate folders, each with a planted error. */
  const layOut = async (emitted: string) => {
    const rollout = join(emitted, 'rollout');
    await cp(rollout, join(folder, 'packs'), { recursive: true });
    const pack = await readFile(join(rollout, 'eu-west-1/packs/compliance-regional.yaml'), 'utf8');
    await writeFile(join(folder, 'packs/planted.yaml'), pack.replace('SourceIdentifier:', 'SourceIdentity:'));
    for (const [path, module] of Object.entries(await readModules(emitted))) {
      await writeJson(join(folder, 'modules', path, 'main.tf.json'), scannable(module));
      for (const [name, policy] of Object.entries(policiesOf(module)))
        await writeJson(join(folder, 'policies', path, `${name}.json`), policy);
    }
    await writeJson(join(folder, 'policies/planted.json'), {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetBukket', Resource: '*' }],
    });
    await writeJson(join(folder, 'modules/planted/main.tf.json'), {
      resource: {
        aws_s3_bucket: { open: { bucket: 'open', acl: 'public-read-write' } },
      },
    });
  };

  test.for([
    ['packs', 'E3002'],
    ['policies', 'UNKNOWN_ACTION'],
    ['modules', 'CKV_AWS_57'],
  ] as const)('the planted error in the %s is found: %s', ([kind, check]) => {
    expect(found[kind].filter(isPlanted).map((finding) => finding.check)).toContain(check);
  });
  test.for(['packs', 'policies', 'modules'] as const)(
    'every finding in the %s has a documented reason',
    (kind) => {
      const unexplained = found[kind]
        .filter((finding) => !isPlanted(finding))
        .filter((finding) => !exceptions.some((exception) => isOf(exception, finding)));
      expect(unexplained).toEqual([]);
    },
  );
  test('every documented reason still has a finding', () => {
    const all = Object.values(found).flat();
    expect(exceptions.filter((exception) => !all.some((finding) => isOf(exception, finding)))).toEqual([]);
  });
});
