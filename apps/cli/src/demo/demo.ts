import { startLocalOrg } from '@compliance/local-org';
import { reportOfLedger, reportPage } from '@compliance/report/page';

import {
  approveAndApplyPlans,
  evaluateAgain,
  fixAutomatically,
  showPlans,
  showViolations,
  undoAndFixAgain,
} from './acts.ts';
import { writeOutput } from '../output/write-output.ts';
import { writeDashboardFile } from './dashboard.ts';
import { MEMBERS } from './demo-settings.ts';
import { sealAndVerify } from './seal.ts';
import { readLedger, setUpStage, type Stage } from './stage.ts';

interface DemoOptions {
  /** Prints one line of the demo. */
  readonly print: Stage['print'];
  readonly reportPath: string;
  readonly dashboardPath: string;
  /** Where to copy the sealed hours. */
  readonly sealedPath?: string;
}

interface DemoTotals {
  readonly accounts: number;
  readonly rules: number;
  readonly resources: number;
  readonly verdicts: number;
  readonly nonCompliantAtFirst: number;
  readonly nonCompliantAtLast: number;
  readonly fixes: number;
  readonly undone: number;
  readonly awsCalls: number;
  readonly seconds: number;
  readonly report: string;
  readonly dashboard: string;
}

/** Runs the whole cycle on a local organization: find, plan, approve, fix, verify, undo, report, dashboard. */
export const runDemo = async ({
  print,
  reportPath,
  dashboardPath,
  sealedPath,
}: DemoOptions): Promise<DemoTotals> => {
  const startedAt = performance.now();
  print('Starting a simulated AWS organization: one master and three member accounts …');
  const org = await startLocalOrg({ homeRegion: 'eu-west-1', members: MEMBERS });
  try {
    const stage = await setUpStage(org, print);
    const nonCompliantAtFirst = showViolations(stage);
    await showPlans(stage);
    await fixAutomatically(stage);
    await approveAndApplyPlans(stage);
    await undoAndFixAgain(stage);
    const nonCompliantAtLast = await evaluateAgain(stage);
    const seal = await sealAndVerify(stage, sealedPath);
    await writeReport(stage, reportPath);
    await writeDashboardFile(stage, seal, dashboardPath);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    const files = { report: reportPath, dashboard: dashboardPath };
    const known = { nonCompliantAtFirst, nonCompliantAtLast, seconds, ...files };
    const totals = await countTotals(stage, known);
    printTotals(totals, print);
    return totals;
  } finally {
    await org.stop();
  }
};

const writeReport = async (stage: Stage, path: string): Promise<void> => {
  const { org, rules } = stage;
  const page = reportPage(
    reportOfLedger(await readLedger(stage), {
      title: 'Compliance of the demo organization',
      createdAt: new Date(),
      rules: Object.fromEntries(rules.map((rule) => [rule.command, rule])),
      accountNames: Object.fromEntries(org.organization.members.map(({ id, name }) => [id, name])),
    }),
  );
  await writeOutput(page, path);
};

type Known = Pick<
  DemoTotals,
  'nonCompliantAtFirst' | 'nonCompliantAtLast' | 'seconds' | 'report' | 'dashboard'
>;

const countTotals = async (stage: Stage, known: Known): Promise<DemoTotals> => {
  const { org, rules, verdictsStored } = stage;
  const { changes } = await readLedger(stage);
  const resources = new Set(
    org
      .verdicts()
      .map(({ accountId, resourceType, resourceId }) => `${accountId}${resourceType}${resourceId}`),
  );
  return {
    accounts: org.organization.members.length,
    rules: rules.length,
    resources: resources.size,
    verdicts: verdictsStored(),
    fixes: changes.filter(({ outcome }) => outcome === 'fixed').length,
    undone: changes.filter(({ undone }) => undone?.outcome === 'undone').length,
    awsCalls: Object.values(org.calls.totals()).reduce((sum, count) => sum + count, 0),
    ...known,
  };
};

const printTotals = (totals: DemoTotals, print: Stage['print']): void => {
  print('');
  print(
    `${totals.resources} resources in ${totals.accounts} accounts, ${totals.rules} rules, ${totals.verdicts} verdicts; ` +
      `${totals.nonCompliantAtFirst} violations before, ${totals.nonCompliantAtLast} after; ` +
      `${totals.fixes} fixes, ${totals.undone} undone; ${totals.awsCalls} AWS calls in ${totals.seconds} s.`,
  );
  print(`Report: ${totals.report}`);
  print(`Dashboard: ${totals.dashboard}  Open it in a browser; it needs no server.`);
};
