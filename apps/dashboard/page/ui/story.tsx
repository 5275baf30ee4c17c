import type { Step, Story, StoryStep } from '@compliance/dashboard-data';

import { duration, instant, visible } from '../base/format.ts';
import { LongText } from './text.tsx';

export const STEP_TITLES: Readonly<Record<Step, string>> = {
  found: 'Found violating',
  compliant: 'Found compliant',
  exempt: 'Exempt',
  'not-applicable': 'Not applicable',
  'not-judged': 'Not judged',
  planned: 'Fix planned',
  approved: 'Approved',
  rejected: 'Rejected',
  superseded: 'Superseded by a newer plan',
  applied: 'Fix applied',
  verified: 'Verified',
  failed: 'Fix failed',
  waiting: 'Waits',
  skipped: 'Skipped',
  manual: 'A person must fix it',
  refused: 'Refused',
  undone: 'Undone',
  'undo-failed': 'Undo failed',
  'undo-refused': 'Undo refused',
};

const TONES: Partial<Record<Step, string>> = {
  found: 'bad',
  failed: 'bad',
  'undo-failed': 'bad',
  'not-judged': 'doubt',
  compliant: 'good',
  verified: 'good',
  exempt: 'wait',
  waiting: 'wait',
  undone: 'wait',
};

/** Everything that happened to a resource under a rule, in order: facts, plans, who approved, calls, undo. */
export const StoryTimeline = ({ story }: { readonly story: Story }) => (
  <ol class="story">
    {story.steps.map((step, index) => (
      <StoryItem key={index} step={step} before={story.steps[index - 1]} />
    ))}
  </ol>
);

const StoryItem = ({
  step,
  before,
}: {
  readonly step: StoryStep;
  readonly before: StoryStep | undefined;
}) => (
  <li class={TONES[step.step] ?? ''}>
    <p class="story-head">
      <b>{STEP_TITLES[step.step]}</b>{' '}
      <span class="small muted">
        {instant(step.time)}
        {before && step.time > before.time && `, ${duration(step.time - before.time)} later`}
      </span>
    </p>
    {step.text !== '' && (
      <p>
        <LongText text={step.text} />
      </p>
    )}
    {step.actor !== undefined && (
      <p class="small">
        By <LongText mono text={step.actor} />
      </p>
    )}
    {step.calls && (
      <ul class="calls">
        {step.calls.map((call, index) => (
          <li key={index}>
            <LongText mono text={call} />
          </li>
        ))}
      </ul>
    )}
    <FactsOf step={step} />
    {(step.planId ?? step.changeId) !== undefined && (
      <p class="small muted">
        {step.planId !== undefined && <code>{step.planId}</code>}{' '}
        {step.changeId !== undefined && <code>{step.changeId}</code>}
      </p>
    )}
  </li>
);

const FactsOf = ({ step }: { readonly step: StoryStep }) => {
  if (step.facts === undefined && step.factsBefore === undefined) return null;
  return (
    <details class="as-table">
      <summary>{step.factsBefore === undefined ? 'Facts' : 'Facts before and after'}</summary>
      <div class="facts-pair">
        {step.factsBefore !== undefined && <Json title="Before" value={step.factsBefore} />}
        {step.facts !== undefined && (
          <Json title={step.factsBefore === undefined ? 'Facts' : 'After'} value={step.facts} />
        )}
      </div>
    </details>
  );
};

/** Lines stay lines; any other hidden character is shown. */
const Json = ({ title, value }: { readonly title: string; readonly value: unknown }) => (
  <div>
    <p class="small muted">{title}</p>
    <pre>{JSON.stringify(value, null, 2).split('\n').map(visible).join('\n')}</pre>
  </div>
);
