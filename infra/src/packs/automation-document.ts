import { AUTOMATION_ROLE } from '../names/names.ts';

/** Patterns of the document's parameters. No quotes or braces, which could end a string or begin a variable. */
export const PARAMETER_PATTERNS = {
  ComplianceCommand: '^[A-Z][A-Z0-9_]{2,127}$',
  // AWS Config's name for the account itself, AWS::::Account, has an empty service.
  ResourceType: '^AWS::[A-Za-z0-9]*::[A-Za-z0-9]+(::[A-Za-z0-9]+)?$',
  ResourceId: '^[A-Za-z0-9_+=,.@:/#~*()| -]{1,512}$',
  AutomationAssumeRole: '^(arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+)?$',
} as const;

/** SSM's maximum wait for a function, whatever the function's own timeout. */
const STEP_SECONDS = 300;

export interface AutomationDocumentInput {
  /** The remediation function in the document's Region, unqualified. */
  readonly functionArn: string;
  /**
   * `embedded`: the role of the account that the automation runs in; the caller's parameter is ignored.
   * `parameter`: the role that the caller passes, in case AWS Config otherwise refuses automatic remediation.
   */
  readonly assumeRole: 'embedded' | 'parameter';
}

/**
 * The SSM document that invokes the remediation function for one resource.
 *
 * The function throws only on a transient fault and otherwise returns `{ status, … }`. AWS does not document whether a
 * thrown error fails the step, so the document covers both: a failed step and an answer without a status lead to the
 * next try. The execution always ends successful: a failed one would use up AWS Config's attempts and leave an
 * exception that nobody can clear on a pack's rule.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-lamb.html
 */
export const automationDocument = ({ functionArn, assumeRole }: AutomationDocumentInput) => ({
  schemaVersion: '0.3' as const,
  description: 'Checks one resource live, and fixes it if the settings of the organization allow it.',
  assumeRole:
    assumeRole === 'embedded'
      ? `arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/${AUTOMATION_ROLE}`
      : '{{ AutomationAssumeRole }}',
  parameters: {
    ComplianceCommand: text('The id of the rule.', PARAMETER_PATTERNS.ComplianceCommand),
    ResourceType: text('The AWS Config type of the resource.', PARAMETER_PATTERNS.ResourceType),
    ResourceId: text('The AWS Config id of the resource.', PARAMETER_PATTERNS.ResourceId),
    AutomationAssumeRole: {
      ...text('AWS Config requires this parameter.', PARAMETER_PATTERNS.AutomationAssumeRole),
      default: '',
    },
  },
  // Shows the function's answers with the execution.
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
    // An automation ends with a step; these two show how it ended.
    sleep(FINISHED, 'PT1S', { isEnd: true }),
    sleep(DEFERRED, 'PT1S', { isEnd: true }),
  ],
});

const FINISHED = 'Finished';
const DEFERRED = 'Deferred';

/** The wait before each try: none, long enough for throttling to pass, long enough for a short outage. */
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
  // An immediate retry for an invocation that did not arrive; inside a run the function itself backs off.
  maxAttempts: 2,
  onFailure: `step:${otherwise}` as const,
  // Otherwise the execution ends as failed although a later try succeeded.
  isCritical: false,
  nextStep: branchAfter(name),
  inputs: {
    FunctionName: functionArn,
    InvocationType: 'RequestResponse' as const,
    // An object, not a concatenated text: an id cannot change the structure.
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

// JSON escapes quotes inside strings, so only the answer's own member can match.
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
