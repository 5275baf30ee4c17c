import { reasonsOf } from '../checks/summarize.ts';
import type { Finding, Verification } from '../checks/run-checks.ts';
import { counted, list, plain } from './markdown.ts';

/** What is broken, what could not be checked, and what the plan itself does not tell. */
export const describeWiring = (
  { findings, unchecked }: Verification,
  gaps: readonly string[],
): readonly string[] => [
  findings.length === 0 ? 'Every link that was looked at is whole.' : list(findings.map(line)),
  ...(unchecked.length === 0
    ? []
    : [
        `${counted(unchecked.length, 'check')} could not be made everywhere:`,
        list(reasonsOf(unchecked).map(plain)),
      ]),
  ...(gaps.length === 0 ? [] : ['Not understood, or known only after apply:', list(gaps.map(plain))]),
];

const line = (finding: Finding): string =>
  `${finding.severity === 'error' ? '**Error**' : 'Warning'}: ${plain(describeFinding(finding))} ${plain(finding.remedy)}`;

export const describeFinding = ({ check, subject, problem }: Finding): string =>
  `${check}: ${subject}: ${problem}`;
