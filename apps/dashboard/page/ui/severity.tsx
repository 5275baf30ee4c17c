import { SEVERITIES, type RuleRow } from '@compliance/dashboard-data';

type Severity = RuleRow['severity'];

/** The severity in words, with as many bars as it weighs. */
export const SeverityMark = ({ severity }: { readonly severity: Severity }) => (
  <span class={`severity ${severity}`}>
    <svg viewBox="0 0 16 12" width="16" height="12" aria-hidden="true">
      {SEVERITIES.map((_, index) => (
        <rect
          key={index}
          class={index < weightOf(severity) ? 'on' : 'off'}
          x={index * 4}
          y={9 - index * 3}
          width="3"
          height={3 + index * 3}
        />
      ))}
    </svg>{' '}
    {severity}
  </span>
);

const weightOf = (severity: Severity) => SEVERITIES.length - SEVERITIES.indexOf(severity);

/** For sorting: the worst first. */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);
