import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadAllRules } from '../../../packages/registry/src/index.ts';
import { atLeast, atMost, exactly, info, type Figure } from '../figure.ts';
import { installCustodian } from '../install-custodian.ts';
import { installPythonProgram, type Installed } from '../install-python-program.ts';
import type { Measurement } from '../measurement.ts';
import { COMPARISON_FILE, type Comparison } from '../peers/comparison.ts';
import { CUSTODIAN_POLICIES } from '../peers/custodian-policies.ts';
import { knownDifference } from '../peers/known-differences.ts';
import {
  complianceScan,
  custodian,
  prowler,
  prowlerChecks,
  type InstalledProgram,
  type Program,
} from '../peers/programs.ts';
import { startReplay } from '../peers/replay/start-replay.ts';
import { recordAll, replayed, SIZES, type ProgramRun } from '../peers/run-programs.ts';
import {
  compareVerdicts,
  lastPart,
  type Comparison as Compared,
  type Question,
  type Verdict,
} from '../peers/verdicts.ts';

const FRAMEWORK = 'cis-7.0';
const LATENCY = 20;
const ROUNDS = 2;
const ACCOUNT = Object.entries(SIZES)
  .map(([kind, count]) => `${count.toLocaleString('en-US')} ${kind}`)
  .join(', ');

export const peers: Measurement = {
  name: 'peers',
  title: `CIS 7.0 of one account in two Regions (${ACCOUNT}), ${LATENCY} ms a call, whole process, best of ${ROUNDS} interleaved`,
  measure: async () => {
    const [prowlerProgram, custodianProgram] = [
      programOf(await installProwler()),
      programOf(await installCustodian()),
    ];
    const replay = await startReplay();
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      const commands = Object.keys(CUSTODIAN_POLICIES);
      const programs = [
        complianceScan('compliance', ['--framework', FRAMEWORK]),
        prowler(prowlerProgram),
        custodian(custodianProgram),
        complianceScan('compliance-both', ['--framework', FRAMEWORK], 'both'),
        complianceScan(
          'compliance-same',
          commands.flatMap((command) => ['--rule', command]),
        ),
      ] as const;
      const recordings = await recordAll(programs, replay);
      const best = new Map<Program, ProgramRun>();
      for (let round = 0; round < ROUNDS; round += 1)
        for (const program of programs) {
          process.stderr.write(`replaying ${program.name} …\n`);
          const options = {
            recordings,
            latencyMs: LATENCY,
            folder: join(folder, `${program.name}-${round}`),
          };
          const run = await replayed(program, replay, options);
          const before = best.get(program);
          if (!before || run.seconds < before.seconds) best.set(program, run);
        }
      return await figuresOf(programs, best);
    } finally {
      replay.stop();
      await rm(folder, { recursive: true });
    }
  },
};

/** Apache-2.0. */
const installProwler = () =>
  installPythonProgram({
    name: 'prowler',
    version: '5.46.0',
    executable: 'prowler',
    folder: '.venv-prowler',
  });

const programOf = ({ version, program, missing }: Installed): InstalledProgram => {
  if (program === undefined) throw new Error(missing);
  return { version, command: program };
};

type Programs = readonly [ours: Program, prowler: Program, custodian: Program, both: Program, same: Program];

const figuresOf = async (
  programs: Programs,
  best: ReadonlyMap<Program, ProgramRun>,
): Promise<readonly Figure[]> => {
  const rules = (await loadAllRules()).filter(({ controls }) => controls[FRAMEWORK]);
  const [ours, theirs, custodianRan, both, same] = await Promise.all(
    programs.map(async (program) => {
      const run = best.get(program);
      if (!run) throw new Error(`${program.name} did not run.`);
      const [verdicts, logged] = [await program.verdicts(run.folder), await program.errors(run.folder)];
      const errors = logged + Object.values(run.counts.failed).reduce((sum, one) => sum + one, 0);
      return { ...run, version: program.version ?? '', verdicts, errors, calls: run.counts.calls };
    }),
  );
  if (!ours || !theirs || !custodianRan || !both || !same) throw new Error('A program did not run.');

  const checks = await prowlerChecks(theirs.folder);
  const questions = rules.flatMap((rule) =>
    (rule.controls[FRAMEWORK] ?? []).map((requirement) => ({
      requirement,
      rule,
      checks: (rule.equivalents?.prowler ?? []).filter((check) => checks.get(requirement)?.has(check)),
    })),
  );
  const withProwler = compareVerdicts(questions, { ours: ours.verdicts, theirs: theirs.verdicts });
  const asked = questions
    .filter(({ rule }) => rule.command in CUSTODIAN_POLICIES)
    .map((question): Question => ({ ...question, checks: [question.rule.command] }));
  // A policy lists only what violates: the rest of what we judged passes.
  const listed = new Set(custodianRan.verdicts.map(({ of, resource }) => `${of} ${lastPart(resource)}`));
  const withCustodian = compareVerdicts(asked, {
    ours: same.verdicts,
    theirs: same.verdicts.map((verdict) => ({
      ...verdict,
      passes: !listed.has(`${verdict.of} ${lastPart(verdict.resource)}`),
    })),
  });

  const judged = (
    verdicts: typeof ours.verdicts,
    known: readonly { requirement: string; of: readonly string[] }[],
  ) => {
    const said = new Set(verdicts.map(({ of }) => of));
    return new Set(
      known.filter(({ of }) => of.some((name) => said.has(name))).map(({ requirement }) => requirement),
    ).size;
  };
  const byRule = questions.map(({ requirement, rule }) => ({ requirement, of: [rule.command] }));
  const program = ({ seconds, calls, errors }: typeof ours, requirements: number) => ({
    seconds: Math.round(seconds * 10) / 10,
    calls,
    errors,
    requirements,
  });
  const sameProgram = program(same, judged(same.verdicts, byRule));
  const comparison: Comparison = {
    account: ACCOUNT,
    latencyMs: LATENCY,
    cores: availableParallelism(),
    compliance: program(ours, judged(ours.verdicts, byRule)),
    withItems: program(both, judged(both.verdicts, byRule)),
    prowler: {
      version: theirs.version,
      ...program(
        theirs,
        judged(
          theirs.verdicts,
          [...checks].map(([requirement, of]) => ({ requirement, of: [...of] })),
        ),
      ),
      agreement: agreementOf('Prowler', withProwler),
    },
    custodian: {
      version: custodianRan.version,
      ...program(custodianRan, sameProgram.requirements),
      agreement: agreementOf('Cloud Custodian', withCustodian),
      same: sameProgram,
    },
  };
  await writeFile(COMPARISON_FILE, `${JSON.stringify(comparison, undefined, 2)}\n`);

  const unexplained = [
    ...withProwler.disagreements.filter((one) => !knownDifference('Prowler', one)),
    ...withCustodian.disagreements.filter((one) => !knownDifference('Cloud Custodian', one)),
  ];
  return [
    atLeast('faster than Prowler', theirs.seconds / ours.seconds, 15, '×'),
    atMost('calls to those of Prowler', ours.calls / theirs.calls, 0.25, '×'),
    atMost('the same with the items of AWS Config in one Region', both.calls / theirs.calls, 0.25, '×'),
    exactly('disagreements without a known reason', unexplained.length, 0),
    exactly('verdicts that the items change', differing(ours.verdicts, both.verdicts), 0),
    ...unexplained
      .slice(0, 5)
      .map(({ command, resource, ours: said }) => info(`  ${command}`, `${resource} ${said} here`)),
    info('compliance scan', ours.seconds, 's'),
    info('its calls', ours.calls),
    info('its requirements', comparison.compliance.requirements),
    info('compliance scan --source both', both.seconds, 's'),
    info('its calls', both.calls),
    info(`Prowler ${theirs.version}`, theirs.seconds, 's'),
    info('its calls', theirs.calls),
    info('its requirements', comparison.prowler.requirements),
    info('errors in its log', theirs.errors),
    info(
      'verdicts shared with it',
      `${withProwler.shared}, of ${withProwler.requirements.length} requirements`,
    ),
    info(
      'verdicts of it alone, and of ours alone there',
      `${withProwler.onlyTheirs} and ${withProwler.onlyOurs}`,
    ),
    ...comparison.prowler.agreement.differences.map(({ command, count, why }) =>
      info(`differs: ${command}`, `${count}: Prowler ${why}`),
    ),
    info(
      `Cloud Custodian ${custodianRan.version}, ${Object.keys(CUSTODIAN_POLICIES).length} policies`,
      custodianRan.seconds,
      's',
    ),
    info('its calls', custodianRan.calls),
    info('compliance scan of the same rules', same.seconds, 's'),
    info('its calls', same.calls),
    info('verdicts shared with Cloud Custodian', withCustodian.shared),
    info('CPU of the replay during compliance scan', ours.counts.cpuMs / 1000, 's'),
  ];
};

/** How many verdicts one of two scans has, and the other has not. */
const differing = (one: readonly Verdict[], other: readonly Verdict[]): number => {
  const textOf = ({ of, region, resource, passes }: Verdict) => `${of} ${region} ${resource} ${passes}`;
  const [a, b] = [new Set(one.map(textOf)), new Set(other.map(textOf))];
  return [...a].filter((text) => !b.has(text)).length + [...b].filter((text) => !a.has(text)).length;
};

const agreementOf = (
  peer: Parameters<typeof knownDifference>[0],
  { requirements, shared, disagreements }: Compared,
): Comparison['prowler']['agreement'] => ({
  requirements: requirements.length,
  shared,
  differences: [...Map.groupBy(disagreements, (one) => knownDifference(peer, one))].flatMap(([known, all]) =>
    known ? [{ command: known.command, why: known.why, source: known.source, count: all.length }] : [],
  ),
});
