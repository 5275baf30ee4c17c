import { describe, expect, test } from 'vitest';

import { parseRemediationEvent } from '@compliance/core';

import { PARAMETER_PATTERNS, automationDocument } from '../src/packs/automation-document.ts';

const functionArn = 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation';
const document = automationDocument({ functionArn, assumeRole: 'embedded' });
const steps = document.mainSteps;
const stepNamed = (name: string) => steps.find((step) => step.name === name);

/** Runs the document as SSM does, with these answers of the function. Returns the names of the steps. */
const walk = (...answers: readonly (string | Error)[]): readonly string[] => {
  const left = [...answers];
  const outputs = new Map<string, string>();
  const path: string[] = [];
  let step = steps[0];
  while (step) {
    path.push(step.name);
    let next: string | undefined;
    switch (step.action) {
      case 'aws:invokeLambdaFunction': {
        const answer = left.shift() ?? new Error('No answer is left.');
        if (answer instanceof Error) next = step.onFailure.slice('step:'.length);
        else {
          outputs.set(`{{ ${step.name}.Payload }}`, answer);
          next = step.nextStep;
        }
        break;
      }
      case 'aws:branch': {
        const { Choices, Default } = step.inputs;
        next =
          Choices.find(({ Variable, Contains }) => outputs.get(Variable)?.includes(Contains))?.NextStep ??
          Default;
        break;
      }
      case 'aws:sleep':
        next = 'nextStep' in step ? step.nextStep : undefined;
        break;
      default:
        throw new Error(`Unknown step ${JSON.stringify(step satisfies never)}`);
    }
    step = next === undefined ? undefined : stepNamed(next);
  }
  return path;
};

const fixed = JSON.stringify({ status: 'fixed', reason: 'Turn versioning on' });
const thrown = JSON.stringify({
  errorType: 'ComplianceError',
  errorMessage: 'The answer was {"status":"throttled"}',
  trace: ['{"status":"x"}'],
});

describe('the way through the document', () => {
  test.for([
    ['an answer ends the automation', [fixed], ['Remediate', 'AnswerOfRemediate', 'Finished']],
    [
      'the automation waits and retries after a failed step',
      [new Error('Throttled'), fixed],
      ['Remediate', 'WaitToRemediateAgain', 'RemediateAgain', 'AnswerOfRemediateAgain', 'Finished'],
    ],
    [
      'the automation waits and retries after an error that did not fail the step',
      [thrown, fixed],
      [
        'Remediate',
        'AnswerOfRemediate',
        'WaitToRemediateAgain',
        'RemediateAgain',
        'AnswerOfRemediateAgain',
        'Finished',
      ],
    ],
  ] as const)('%s', ([, answers, path]) => {
    expect(walk(...answers)).toEqual(path);
  });

  test.for([
    ['failed steps', new Error('Throttled')],
    ['returned errors', thrown],
  ] as const)('three %s end the automation as deferred', ([, answer]) => {
    const path = walk(answer, answer, answer);
    expect(path.at(-1)).toBe('Deferred');
    expect(path.filter((name) => name.startsWith('Remediate'))).toHaveLength(3);
  });

  test('no step can fail the execution', () => {
    const able = steps.filter(({ action }) => action !== 'aws:sleep');
    expect(able).toEqual(
      able.map((step) => ({ ...step, isCritical: false, onFailure: expect.stringMatching(/^step:\w+$/) })),
    );
  });
});

test('every referenced step exists, and every name is unique', () => {
  const names = steps.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const targets = JSON.stringify(steps).matchAll(/"(?:nextStep|NextStep|Default)":"(\w+)"|"step:(\w+)"/g);
  for (const [, next, onFailure] of targets) expect(names).toContain(next ?? onFailure);
});

test('each try sends exactly the payload that the remediation function parses', () => {
  const globals: Record<string, string> = {
    ComplianceCommand: 'S3_ENABLE_VERSIONING',
    ResourceType: 'AWS::S3::Bucket',
    ResourceId: 'a-bucket',
    'global:ACCOUNT_ID': '111122223333',
    'global:REGION': 'eu-west-1',
    'global:AWS_PARTITION': 'aws',
    'automation:EXECUTION_ID': '0f7a1c9e-1111-2222-3333-444455556666',
  };
  for (const step of steps) {
    if (step.action !== 'aws:invokeLambdaFunction') continue;
    expect(step.timeoutSeconds).toBe(300);
    expect(step.inputs.FunctionName).toBe(functionArn);
    const payload = Object.fromEntries(
      Object.entries(step.inputs.InputPayload).map(([key, value]) => [key, globals[value.slice(3, -3)]]),
    );
    expect(parseRemediationEvent(payload)).toEqual(payload);
  }
});

test('the document runs as the embedded role or as its parameter', () => {
  expect(document.assumeRole).toBe(
    'arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/compliance-automation',
  );
  expect(automationDocument({ functionArn, assumeRole: 'parameter' }).assumeRole).toBe(
    '{{ AutomationAssumeRole }}',
  );
});

test('every parameter has a pattern, and only the role has a default', () => {
  for (const [name, parameter] of Object.entries(document.parameters)) {
    expect(parameter.allowedPattern).not.toBe('');
    expect('default' in parameter).toBe(name === 'AutomationAssumeRole');
  }
});

describe('what the parameters admit', () => {
  test.for([
    ['ComplianceCommand', 'S3_ENABLE_VERSIONING', true],
    ['ComplianceCommand', 's3_enable', false],
    ['ResourceType', 'AWS::S3::Bucket', true],
    ['ResourceType', 'AWS::::Account', true],
    ['ResourceType', 'AWS::Account', false],
    ['ResourceId', 'AIDAEXAMPLE', true],
    ['ResourceId', 'somebody@example.com', true],
    [
      'ResourceId',
      'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/50dc6c495c0c9188',
      true,
    ],
    ['ResourceId', 'a"b', false],
    ['ResourceId', "a'b", false],
    ['ResourceId', '{{ global:ACCOUNT_ID }}', false],
    ['ResourceId', 'a\nb', false],
    ['ResourceId', '', false],
    ['AutomationAssumeRole', '', true],
    ['AutomationAssumeRole', 'arn:aws-us-gov:iam::999988887777:role/compliance-automation', true],
    ['AutomationAssumeRole', 'compliance-automation', false],
  ] as const)('for the parameter %s with the value %j, a match is %s', ([parameter, value, admitted]) => {
    expect(new RegExp(PARAMETER_PATTERNS[parameter]).test(value)).toBe(admitted);
  });
});
