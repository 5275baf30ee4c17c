import { AUTOMATION_ROLE } from '../names/names.ts';

/** What the document's parameters admit. No quotes, no braces: nothing that could end a string or begin a variable. */
export const PARAMETER_PATTERNS = {
  ComplianceCommand: '^[A-Z][A-Z0-9_]{2,127}$',
  // AWS::::Account, which is how AWS Config names the account itself, has an empty service.
  ResourceType: '^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+(::[A-Za-z0-9]+)?$',
  ResourceId: '^[A-Za-z0-9_+=,.@:/#~*()| -]{1,512}$',
  AutomationAssumeRole: '^(arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+)?$',
} as const;

/** As long as SSM lets a step wait for a function, whatever the function's own time-out. */
const STEP_SECONDS = 300;

export interface AutomationDocumentInput {
  /** The remediation function in the document's Region, unqualified. */
  readonly functionArn: string;
  /**
   * `embedded`: the role of the account that the automation runs in, whatever the caller says.
   * `parameter`: what the caller says; should AWS Config refuse automatic remediation otherwise.
   */
  readonly assumeRole: 'embedded' | 'parameter';
}

/**
 * The SSM document that asks the remediation function to look at one resource.
 *
 * The function throws on a transient fault only and answers `{ status, … }` otherwise. Whether SSM fails the step then
 * is not documented, so both are covered: a failed step and an answer without a status lead to the next try. The
 * execution always ends successful: a failed one would use up AWS Config's attempts and leave an exception behind
 * that nobody can clear on a pack's rule.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
export const automationDocument = ({ functionArn, assumeRole }: AutomationDocumentInput) => ({
  schemaVersion: '0.3' as const,
  description: 'Has one resource looked at live, and fixed if the settings of the organization say so.',
  assumeRole:
    assumeRole === 'embedded'
      ? `arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/${AUTOMATION_ROLE}`
      : '{{ AutomationAssumeRole }}',
  parameters: {
    ComplianceCommand: text('The rule.', PARAMETER_PATTERNS.ComplianceCommand),
    ResourceType: text(
      'The type of the resource, in the words of AWS Config.',
      PARAMETER_PATTERNS.ResourceType,
    ),
    ResourceId: text('The id of the resource, as AWS Config has it.', PARAMETER_PATTERNS.ResourceId),
    AutomationAssumeRole: {
      ...text('AWS Config wants to pass one.', PARAMETER_PATTERNS.AutomationAssumeRole),
      default: '',
    },
  },
  // Shown with the execution: what the function answered.
  outputs: TRIES.map(({ name }) => `${name}.Payload`),
  mainSteps: [
    ...TRIES.flatMap(({ name, wait }, index) => {
      const next = TRIES[index + 1]?.name;
      const otherwise = next === undefined ? DEFERRED : waitBefore(next);
      return [
        ...(wait === undefined ? [] : [sleep(waitBefore(name), wait, { nextStep: name })]),
        remediate(name, functionArn, otherwise),
        branch(name, otherwise),
      ];
    }),
    // An automation ends with a step; these two tell how it ended.
    sleep(FINISHED, 'PT1S', { isEnd: true }),
    sleep(DEFERRED, 'PT1S', { isEnd: true }),
  ],
});

const FINISHED = 'Finished';
const DEFERRED = 'Deferred';

/** The wait before each try: none, then a throttled minute, then a disturbance of some length. */
const TRIES = [
  { name: 'Remediate', wait: undefined },
  { name: 'RemediateAgain', wait: 'PT1M' },
  { name: 'RemediateFinally', wait: 'PT5M' },
] as const;

const waitBefore = (name: string) => `WaitTo${name}`;
const branchAfter = (name: string) => `AnswerOf${name}`;

const remediate = (name: string, functionArn: string, otherwise: string) => ({
  name,
  action: 'aws:invokeLambdaFunction' as const,
  timeoutSeconds: STEP_SECONDS,
  // At once, for an invocation that did not even arrive; the function itself backs off inside a run.
  maxAttempts: 2,
  onFailure: `step:${otherwise}` as const,
  // Otherwise a failure that a later try makes good would still end the execution as failed.
  isCritical: false,
  nextStep: branchAfter(name),
  inputs: {
    FunctionName: functionArn,
    InvocationType: 'RequestResponse' as const,
    // An object, not a text to put together: nothing in an id can become part of the structure.
    InputPayload: {
      complianceCommand: '{{ ComplianceCommand }}',
      resourceType: '{{ ResourceType }}',
      resourceId: '{{ ResourceId }}',
      accountId: '{{ global:ACCOUNT_ID }}',
      region: '{{ global:REGION }}',
      partition: '{{ global:AWS_PARTITION }}',
      executionId: '{{ automation:EXECUTION_ID }}',
    },
  },
});

// JSON escapes quotes inside texts, so that only the answer's own member can look like this.
const branch = (name: string, otherwise: string) => ({
  name: branchAfter(name),
  action: 'aws:branch' as const,
  isCritical: false,
  onFailure: `step:${otherwise}` as const,
  inputs: {
    Choices: [{ NextStep: FINISHED, Variable: `{{ ${name}.Payload }}`, Contains: '"status":"' }],
    Default: otherwise,
  },
});

const sleep = (
  name: string,
  duration: string,
  then: { readonly nextStep: string } | { readonly isEnd: true },
) => ({ name, action: 'aws:sleep' as const, inputs: { Duration: duration }, ...then });

const text = (description: string, allowedPattern: string) => ({
  type: 'String' as const,
  description,
  allowedPattern,
});
