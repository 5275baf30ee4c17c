import type { Rule, Settings } from '@compliance/core';

import { masterGlobal } from './modules/master-global.ts';
import { sealedLedger } from './functions/keeper.ts';
import { masterDashboard } from './modules/master-dashboard.ts';
import { masterAthena } from './modules/master-athena.ts';
import { masterKeeper } from './modules/master-keeper.ts';
import { masterHome } from './modules/master-home.ts';
import { masterRegional } from './modules/master-regional.ts';
import { memberGlobal } from './modules/member-global.ts';
import { memberRegional } from './modules/member-regional.ts';
import { accountPacks, packFile, packsIn, rollout } from './modules/packs.ts';
import { sessionPolicyProblems } from './session-policy-problems.ts';
import { settingsProblems } from './settings-problems.ts';
import { moduleText } from './terraform/terraform-module.ts';

/** Path → content. */
export type ModuleFiles = Readonly<Record<string, string>>;

/**
 * Renders the Terraform modules as files. The same rules and settings give the same bytes.
 * Global and regional resources are in separate modules, and so are the packs of each Region.
 * @throws {Error} with every problem of the settings, or the limit of AWS that is exceeded
 */
export const terraformModules = (settings: Settings, rules: readonly Rule[]): ModuleFiles => {
  const problems = [...settingsProblems(settings, rules), ...sessionPolicyProblems(rules)];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const ledger = sealedLedger(settings);
  const { dashboard } = settings;
  const modules = {
    'master-global': masterGlobal(settings),
    'master-home': masterHome(settings),
    'master-regional': masterRegional(settings),
    ...(ledger && { 'master-keeper': masterKeeper(settings, ledger) }),
    ...(dashboard && { 'master-dashboard': masterDashboard(settings, dashboard) }),
    ...(ledger?.athena && { 'master-athena': masterAthena(settings, ledger.athena) }),
    'member-global': memberGlobal(settings, rules),
    'member-regional': memberRegional(settings, rules),
  };
  return {
    ...Object.fromEntries(
      Object.entries(modules).map(([name, stack]) => [`${name}/main.tf.json`, moduleText(stack)]),
    ),
    ...Object.fromEntries(
      settings.organization.regions.flatMap((region) =>
        Object.entries(packFiles({ settings, rules, region })),
      ),
    ),
  };
};

const packFiles = (input: Parameters<typeof rollout>[0]): ModuleFiles => {
  const { settings, region } = input;
  const folder = `rollout/${region}`;
  return {
    [`${folder}/main.tf.json`]: moduleText(rollout(input)),
    ...Object.fromEntries(packsIn(input).map((pack) => [`${folder}/${packFile(pack)}`, pack.yaml])),
    ...(settings.organization.id === undefined && {
      [`account-packs/${region}/main.tf.json`]: moduleText(accountPacks(input)),
    }),
  };
};
