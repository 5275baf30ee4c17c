import { counted } from '@compliance/core/printable';

import { summarize } from '../checks/summarize.ts';
import type { PlanExamination } from './examine-plan.ts';
import { list } from './markdown.ts';

/** States whether the plan may be applied. */
export const headline = ({ errors, comparison, results: { findings } }: PlanExamination): string => {
  const warnings = counted(findings.filter(({ severity }) => severity === 'warning').length, 'warning');
  const verdict =
    errors.length === 0
      ? `**No errors**, ${warnings}.`
      : `**${counted(errors.length, 'error')}**, ${warnings}. Do not apply this plan.`;
  return comparison === 'unknown' ? `${NOT_COMPARED}\n\n${verdict}` : verdict;
};

const NOT_COMPARED =
  '**Not compared.** The settings that are deployed now are unknown, so this review cannot show which modes, ' +
  'parameters, accounts, exemptions and rules change. Run `make plan`, which keeps what is published, or name a commit ' +
  'or a file: `make review BASE=origin/main`, `compliance review --base`, `--settings-before`.';

/** The counts that a reviewer must see first. */
export const highlights = ({
  dataLosses,
  otherDestructions,
  access,
  changes,
  results,
  comparison,
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
      ? comparison === 'unknown'
        ? 'No policy in the plan grants more. Settings can: see above.'
        : 'Nobody gains permissions.'
      : `${counted(wider.length, 'change')} granting permissions` +
        (hidden === 0 ? '.' : `, ${hidden} of them known only after apply.`),
    ...(comparison === 'unknown'
      ? []
      : [`${counted(settings, 'change')} of settings and exemptions allowing more than before.`]),
    ...(comparison === 'first' ? ['Nothing is deployed yet: everything is new.'] : []),
    `${summarize(results)}.`,
  ]);
};
