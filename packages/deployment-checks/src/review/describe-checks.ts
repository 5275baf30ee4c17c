import { counted } from '@compliance/core/printable';

import type { CheckFinding, CheckResults } from '../checks/run-checks.ts';
import { describeIncomplete } from '../checks/summarize.ts';
import { list, plain } from './markdown.ts';

/** Describes problems, incomplete checks, and what the plan does not contain. */
export const describeChecks = (
  { findings, unchecked }: CheckResults,
  gaps: readonly string[],
): readonly string[] => [
  findings.length === 0 ? 'No problem found.' : list(findings.map(line)),
  ...(unchecked.length === 0
    ? []
    : [
        `${counted(unchecked.length, 'check')} could not run everywhere:`,
        list(describeIncomplete(unchecked).map(plain)),
      ]),
  ...(gaps.length === 0 ? [] : ['Could not be read, or known only after apply:', list(gaps.map(plain))]),
];

const line = (finding: CheckFinding): string =>
  `${finding.severity === 'error' ? '**Error**' : 'Warning'}: ${plain(describeFinding(finding))} ${plain(finding.remedy)}`;

export const describeFinding = ({ check, subject, problem }: CheckFinding): string =>
  `${check}: ${subject}: ${problem}`;
