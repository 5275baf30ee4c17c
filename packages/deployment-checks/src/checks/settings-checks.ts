import { settingsNotices, type SettingsNotice } from '@compliance/infra';

import type { Check } from './check-context.ts';

/** Checks of the settings alone, independent of the deployment. */
const noticesOf =
  (type: SettingsNotice['type']): Check =>
  ({ settings, rules }) =>
    settingsNotices(settings, rules)
      .filter((notice) => notice.type === type)
      .map(({ command, problem, remedy }) => ({
        severity: 'warning',
        subject: `rule ${command}`,
        problem,
        remedy,
      }));

export const settingsChecks = {
  'rule-judged-somewhere': noticesOf('judged-nowhere'),
  'rule-fix-parameters': noticesOf('fix-without-parameters'),
} as const satisfies Record<string, Check>;
