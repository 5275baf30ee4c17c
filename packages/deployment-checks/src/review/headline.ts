import { summarize } from '../checks/summarize.ts';
import { counted, list } from './markdown.ts';
import type { Examination } from './review-plan.ts';

/** Whether the plan may be applied. */
export const headline = ({ errors, verification: { findings } }: Examination): string => {
  const warnings = counted(findings.filter(({ severity }) => severity === 'warning').length, 'warning');
  return errors.length === 0
    ? `**No errors**, ${warnings}.`
    : `**${counted(errors.length, 'error')}**, ${warnings}. Do not apply this plan.`;
};

/** What a reviewer must not miss, before anything else. */
export const highlights = ({
  losses,
  others,
  access,
  changes,
  verification,
  hasSettingsBefore: knowsBefore,
}: Examination): string => {
  const gone = losses.length + others.length;
  const wider = access.filter(({ widens }) => widens);
  const hidden = wider.filter(({ what }) => what.includes('known only after apply')).length;
  const settings = changes.filter(({ widens }) => widens).length;
  return list([
    gone === 0
      ? 'Nothing is taken away or made anew.'
      : `${counted(gone, 'resource')} taken away or made anew.`,
    wider.length === 0
      ? 'Nobody may do more than before.'
      : `${counted(wider.length, 'change')} by which somebody may do more than before` +
        (hidden === 0 ? '.' : `, ${hidden} of them known only after apply.`),
    knowsBefore
      ? `${counted(settings, 'change')} of settings and exemptions by which more may happen than before.`
      : 'The settings before were not named (--base, --settings-before), so that changes of modes do not show.',
    `${summarize(verification)}.`,
  ]);
};
