import { summarize } from '../checks/summarize.ts';
import type { PlanExamination } from './examine-plan.ts';
import { counted, list } from './markdown.ts';

/** States whether the plan may be applied. */
export const headline = ({ errors, results: { findings } }: PlanExamination): string => {
  const warnings = counted(findings.filter(({ severity }) => severity === 'warning').length, 'warning');
  return errors.length === 0
    ? `**No errors**, ${warnings}.`
    : `**${counted(errors.length, 'error')}**, ${warnings}. Do not apply this plan.`;
};

/** The counts that a reviewer must see first. */
export const highlights = ({
  dataLosses,
  otherDestructions,
  access,
  changes,
  results,
  hasSettingsBefore,
}: PlanExamination): string => {
  const destroyed = dataLosses.length + otherDestructions.length;
  const wider = access.filter(({ widens }) => widens);
  const hidden = wider.filter(({ what }) => what.includes('known only after apply')).length;
  const settings = changes.filter(({ widens }) => widens).length;
  return list([
    destroyed === 0
      ? 'No resource is deleted or replaced.'
      : `${counted(destroyed, 'resource')} deleted or replaced.`,
    wider.length === 0
      ? 'Nobody gains permissions.'
      : `${counted(wider.length, 'change')} granting permissions` +
        (hidden === 0 ? '.' : `, ${hidden} of them known only after apply.`),
    hasSettingsBefore
      ? `${counted(settings, 'change')} of settings and exemptions allowing more than before.`
      : 'Changes of settings are not shown: the settings before are unknown (--base, --settings-before).',
    `${summarize(results)}.`,
  ]);
};
