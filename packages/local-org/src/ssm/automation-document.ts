import { parse as parseYaml } from 'yaml';
import * as z from 'zod';

export class AutomationDocumentError extends Error {
  override readonly name = 'AutomationDocumentError';
}

const Parameter = z.strictObject({
  type: z.enum(['String', 'StringList', 'Boolean', 'Integer', 'StringMap', 'MapList', 'AWS::IAM::Role::Arn']),
  description: z.string().optional(),
  default: z.unknown().optional(),
  allowedValues: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  allowedPattern: z.string().optional(),
  minChars: z.int().optional(),
  maxChars: z.int().optional(),
});
export type Parameter = z.output<typeof Parameter>;

const common = {
  name: z.string().regex(/^[a-zA-Z0-9_]+$/),
  description: z.string().optional(),
  timeoutSeconds: z.int().positive().optional(),
  maxAttempts: z.int().positive().optional(),
  onFailure: z.union([z.literal(['Abort', 'Continue']), z.templateLiteral(['step:', z.string()])]).optional(),
  isCritical: z.boolean().optional(),
  isEnd: z.boolean().optional(),
  nextStep: z.string().optional(),
};

const Value = z.union([z.string(), z.number(), z.boolean()]);
const comparisons = {
  StringEquals: z.string(),
  StringEqualsIgnoreCase: z.string(),
  StartsWith: z.string(),
  EndsWith: z.string(),
  Contains: z.string(),
  BooleanEquals: z.union([z.boolean(), z.string()]),
  NumericEquals: z.number(),
  NumericGreater: z.number(),
  NumericGreaterOrEquals: z.number(),
  NumericLesser: z.number(),
  NumericLesserOrEquals: z.number(),
};
const Comparison = z.strictObject({ Variable: z.string(), ...z.object(comparisons).partial().shape });
const Choice = z.union([
  z.strictObject({ NextStep: z.string(), ...Comparison.shape }),
  z.strictObject({ NextStep: z.string(), And: z.array(Comparison) }),
  z.strictObject({ NextStep: z.string(), Or: z.array(Comparison) }),
  z.strictObject({ NextStep: z.string(), Not: Comparison }),
]);
export type Comparison = z.output<typeof Comparison>;
export type Choice = z.output<typeof Choice>;

const Step = z.discriminatedUnion('action', [
  z.strictObject({
    ...common,
    action: z.literal('aws:invokeLambdaFunction'),
    inputs: z.strictObject({
      FunctionName: z.string(),
      Qualifier: z.string().optional(),
      InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).optional(),
      LogType: z.enum(['None', 'Tail']).optional(),
      InputPayload: z.record(z.string(), z.unknown()).optional(),
      Payload: z.string().optional(),
    }),
  }),
  z.strictObject({
    ...common,
    action: z.literal('aws:branch'),
    inputs: z.strictObject({ Choices: z.array(Choice).min(1), Default: z.string().optional() }),
  }),
  z.strictObject({ ...common, action: z.literal('aws:sleep'), inputs: z.strictObject({ Duration: Value }) }),
]);
export type Step = z.output<typeof Step>;

const AutomationDocument = z.strictObject({
  schemaVersion: z.literal('0.3'),
  description: z.string().optional(),
  assumeRole: z.string().optional(),
  parameters: z.record(z.string(), Parameter).optional(),
  outputs: z.array(z.string()).optional(),
  mainSteps: z.array(Step).min(1),
});
export type AutomationDocument = z.output<typeof AutomationDocument>;

/**
 * Parses an automation document, YAML or JSON.
 * @throws {AutomationDocumentError} naming the unknown or wrong property or action
 */
export const parseAutomationDocument = (name: string, content: string): AutomationDocument => {
  const result = AutomationDocument.safeParse(parseYaml(content));
  if (!result.success) {
    throw new AutomationDocumentError(`Document ${name}: ${z.prettifyError(result.error)}`, {
      cause: result.error,
    });
  }
  const names = new Set(result.data.mainSteps.map((step) => step.name));
  for (const step of result.data.mainSteps) {
    for (const target of targetsOf(step)) {
      if (!names.has(target))
        throw new AutomationDocumentError(
          `Document ${name}: step '${step.name}' continues at '${target}', which does not exist.`,
        );
    }
  }
  return result.data;
};

const targetsOf = (step: Step): string[] => [
  ...(step.nextStep === undefined ? [] : [step.nextStep]),
  ...(step.onFailure?.startsWith('step:') === true ? [step.onFailure.slice('step:'.length)] : []),
  ...(step.action === 'aws:branch'
    ? [...step.inputs.Choices.map((choice) => choice.NextStep), step.inputs.Default ?? []].flat()
    : []),
];
