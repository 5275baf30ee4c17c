import { glob, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { CUSTODIAN_IDS, CUSTODIAN_POLICIES } from './custodian-policies.ts';
import type { Verdict } from './verdicts.ts';

/** A program that answers questions about the account. */
export interface Program {
  readonly name: string;
  /** Of another's program; ours is the one of this repository. */
  readonly version?: string;
  readonly command: string;
  /** Whether it asks AWS Config for what it recorded. */
  readonly readsItems?: boolean;
  /** Its arguments, and what it reads, are written to this empty folder. */
  readonly prepare: (folder: string) => Promise<readonly string[]>;
  /** What it said, by the folder in which it ran. */
  readonly verdicts: (folder: string) => Promise<readonly Verdict[]>;
  /** The errors in its own log. */
  readonly errors: (folder: string) => Promise<number>;
}

export type InstalledProgram = Pick<Program, 'command'> & Required<Pick<Program, 'version'>>;

const MAIN = join(import.meta.dirname, '../../../apps/cli/dist/main.js');
const noErrors = async () => 0;

/** The regions that all programs look at: the first is where global resources are counted. */
export const REGIONS = ['eu-west-1', 'eu-central-1'] as const;

const Finding = z.object({
  command: z.string(),
  region: z.string(),
  resourceId: z.string(),
  arn: z.string().optional(),
  complianceType: z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA']),
});

/** `compliance scan` of these rules, `['--framework', 'cis-7.0']`, by live calls, or by items where there are. */
export const complianceScan = (
  name: string,
  rules: readonly string[],
  source: 'live' | 'both' = 'live',
): Program => ({
  name,
  command: process.execPath,
  readsItems: source === 'both',
  prepare: async (folder) => [
    MAIN,
    'scan',
    ...rules,
    '--source',
    source,
    ...REGIONS.flatMap((region) => ['--region', region]),
    '--format',
    'ndjson',
    '--out',
    join(folder, 'findings.ndjson'),
  ],
  verdicts: async (folder) =>
    (await readFile(join(folder, 'findings.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => Finding.parse(JSON.parse(line)))
      .flatMap(({ command, region, resourceId, arn, complianceType }) =>
        complianceType === 'COMPLIANT' || complianceType === 'NON_COMPLIANT'
          ? [{ of: command, region, resource: arn ?? resourceId, passes: complianceType === 'COMPLIANT' }]
          : [],
      ),
  errors: noErrors,
});

const Ocsf = z.object({
  metadata: z.object({ event_code: z.string() }),
  unmapped: z.object({ compliance: z.record(z.string(), z.array(z.string())) }),
  status_code: z.string(),
  resources: z.array(z.object({ uid: z.string(), region: z.string() })),
});

/** Prowler with its own CIS 7.0. It leaves out resources that nothing uses, unless told. */
export const prowler = (installed: InstalledProgram): Program => ({
  name: 'prowler',
  ...installed,
  prepare: async (folder) => [
    'aws',
    '--compliance',
    'cis_7.0_aws',
    '--region',
    ...REGIONS,
    '--scan-unused-services',
    '--output-formats',
    'json-ocsf',
    '--output-directory',
    folder,
    '--output-filename',
    'out',
    '--log-level',
    'ERROR',
    '--log-file',
    join(folder, 'errors.log'),
    '--no-banner',
    '--no-color',
    '--ignore-exit-code-3',
  ],
  verdicts: async (folder) =>
    (await readOcsf(folder)).flatMap(({ metadata, status_code: status, resources }) =>
      status === 'PASS' || status === 'FAIL'
        ? resources.map(({ uid, region }) => ({
            of: metadata.event_code,
            region,
            resource: uid,
            passes: status === 'PASS',
          }))
        : [],
    ),
  errors: async (folder) =>
    (await readFile(join(folder, 'errors.log'), 'utf8')).match(/"level": "(ERROR|CRITICAL)"/g)?.length ?? 0,
});

/** The checks that Prowler assigns to each requirement of CIS 7.0, of those that found anything. */
export const prowlerChecks = async (folder: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const checks = new Map<string, Set<string>>();
  for (const { metadata, unmapped } of await readOcsf(folder))
    for (const requirement of unmapped.compliance['CIS-7.0'] ?? []) {
      const known = checks.get(requirement) ?? new Set();
      checks.set(requirement, known.add(metadata.event_code));
    }
  return checks;
};

const readOcsf = async (folder: string) =>
  z.array(Ocsf).parse(JSON.parse(await readFile(join(folder, 'out.ocsf.json'), 'utf8')));

/** Cloud Custodian with one policy for each question that it can answer; a policy lists what violates. */
export const custodian = (installed: InstalledProgram): Program => ({
  name: 'custodian',
  ...installed,
  prepare: async (folder) => {
    const file = join(folder, 'policies.json');
    const policies = Object.entries(CUSTODIAN_POLICIES).map(([name, policy]) => ({
      name: policyName(name),
      ...policy,
    }));
    await writeFile(file, JSON.stringify({ policies }));
    return [
      'run',
      ...REGIONS.flatMap((region) => ['--region', region]),
      '--cache',
      'memory',
      '--output-dir',
      join(folder, 'out'),
      file,
    ];
  },
  verdicts: async (folder) => {
    const commands = new Map(Object.keys(CUSTODIAN_POLICIES).map((name) => [policyName(name), name]));
    const found: Verdict[] = [];
    for await (const file of glob('out/**/resources.json', { cwd: folder })) {
      const [policy = '', region = ''] = dirname(file).split('/').toReversed();
      const command = commands.get(policy) ?? '';
      const id = CUSTODIAN_IDS[CUSTODIAN_POLICIES[command]?.resource ?? ''] ?? '';
      for (const resource of Resources.parse(JSON.parse(await readFile(join(folder, file), 'utf8'))))
        found.push({ of: command, region, resource: String(resource[id]), passes: false });
    }
    return found;
  },
  errors: noErrors,
});

const Resources = z.array(z.record(z.string(), z.unknown()));

const policyName = (command: string): string => command.toLowerCase().replaceAll('_', '-');
