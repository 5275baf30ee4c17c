import { describeIncomplete } from '../checks/summarize.ts';
import type { CheckFinding, CheckResults } from '../checks/run-checks.ts';
import { counted, list, plain } from './markdown.ts';

/** What is broken, what could not be checked, and what the plan itself does not tell. */
export const describeChecks = (
  { findings, unchecked }: CheckResults,
  gaps: readonly string[],
): readonly string[] => [
  findings.length === 0 ? 'Every link that was looked at is whole.' : list(findings.map(line)),
  ...(unchecked.length === 0
    ? []
    : [
        `${counted(unchecked.length, 'check')} could not run everywhere:`,
        list(describeIncomplete(unchecked).map(plain)),
      ]),
  ...(gaps.length === 0 ? [] : ['Not understood, or known only after apply:', list(gaps.map(plain))]),
];

const line = (finding: CheckFinding): string =>
  `${finding.severity === 'error' ? '**Error**' : 'Warning'}: ${plain(describeFinding(finding))} ${plain(finding.remedy)}`;

export const describeFinding = ({ check, subject, problem }: CheckFinding): string =>
  `${check}: ${subject}: ${problem}`;
