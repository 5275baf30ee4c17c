import { describe, expect, test } from 'vitest';

import { parseAutomationDocument } from '../src/ssm/automation-document.ts';
import { automationParameterValues } from '../src/ssm/automation-parameters.ts';
import { type ActionStep, runAutomation } from '../src/ssm/run-automation.ts';

const lambda = (name: string, more: Record<string, unknown> = {}, inputs: Record<string, unknown> = {}) => ({
  name,
  action: 'aws:invokeLambdaFunction',
  inputs: { FunctionName: 'f', ...inputs },
  ...more,
});
const document = (mainSteps: unknown, more: Record<string, unknown> = {}) =>
  parseAutomationDocument('document', JSON.stringify({ schemaVersion: '0.3', mainSteps, ...more }));

/** Runs steps with a function that returns or throws the answer for the name of the step. */
const run = async (
  mainSteps: unknown,
  answers: Record<string, string | Error> = {},
  variables: [string, unknown][] = [],
) => {
  const performed: ActionStep[] = [];
  const ended = await runAutomation(document(mainSteps), new Map(variables), {
    perform: async (step) => {
      performed.push(step);
      const answer = answers[step.name] ?? 'ok';
      if (answer instanceof Error) throw answer;
      return { Payload: answer };
    },
  });
  return { ...ended, performed, names: ended.steps.map(({ name }) => name) };
};
const failed = new Error('failed');

describe('the steps of a document', () => {
  test('steps run from top to bottom', async () => {
    await expect(run([lambda('a'), lambda('b')])).resolves.toMatchObject({
      status: 'Success',
      names: ['a', 'b'],
    });
  });
  test('nextStep jumps to a step, and isEnd ends the execution', async () => {
    const steps = [lambda('a', { nextStep: 'c' }), lambda('b'), lambda('c', { isEnd: true }), lambda('d')];
    await expect(run(steps)).resolves.toMatchObject({ names: ['a', 'c'] });
  });
  test('a failed step aborts the execution', async () => {
    await expect(run([lambda('a'), lambda('b')], { a: failed })).resolves.toMatchObject({
      status: 'Failed',
      names: ['a'],
      failure: 'Step a failed: failed',
    });
  });
  test('an execution continues after onFailure: Continue, but fails', async () => {
    const steps = [lambda('a', { onFailure: 'Continue' }), lambda('b')];
    await expect(run(steps, { a: failed })).resolves.toMatchObject({ status: 'Failed', names: ['a', 'b'] });
  });
  test('an execution succeeds if its failed step is not critical', async () => {
    const steps = [lambda('a', { onFailure: 'Continue', isCritical: false }), lambda('b')];
    await expect(run(steps, { a: failed })).resolves.toMatchObject({ status: 'Success' });
  });
  test('an execution continues at the step of onFailure', async () => {
    const steps = [lambda('a', { onFailure: 'step:c', isCritical: false }), lambda('b'), lambda('c')];
    await expect(run(steps, { a: failed })).resolves.toMatchObject({ names: ['a', 'c'] });
  });
  test('a failing step runs maxAttempts times', async () => {
    const { steps, performed } = await run([lambda('a', { maxAttempts: 3 })], { a: failed });
    expect(performed).toHaveLength(3);
    expect(steps).toMatchObject([{ attempts: 3, status: 'Failed' }]);
  });
  test('an execution that loops forever is stopped as Failed', async () => {
    await expect(run([lambda('a', { nextStep: 'a' })])).resolves.toMatchObject({ status: 'Failed' });
  });
});

describe('aws:branch', () => {
  const branch = (choice: Record<string, unknown>, Default?: string) => ({
    name: 'branch',
    action: 'aws:branch',
    inputs: {
      Choices: [{ Variable: '{{ a.Payload }}', NextStep: 'yes', ...choice }],
      ...(Default === undefined ? {} : { Default }),
    },
  });
  const ends = [lambda('no', { isEnd: true }), lambda('yes', { isEnd: true })];
  test.for([
    [{ StringEquals: 'deferred' }, 'deferred', 'yes'],
    [{ StringEquals: 'deferred' }, 'done', 'no'],
    [{ Contains: '"status":"failed"' }, '{"status":"failed"}', 'yes'],
    [{ StartsWith: 'x' }, 'yx', 'no'],
    [{ EndsWith: 'x' }, 'yx', 'yes'],
  ] as const)('the branch %j for the payload %s continues at %s', async ([choice, payload, target]) => {
    const { names } = await run([lambda('a'), branch(choice, 'no'), ...ends], { a: payload });
    expect(names).toEqual(['a', 'branch', target]);
  });
  test('a branch without a match and a default continues at the next step', async () => {
    const { names } = await run([lambda('a'), branch({ StringEquals: 'x' }), ...ends]);
    expect(names).toEqual(['a', 'branch', 'no']);
  });
});

describe('variables', () => {
  test('parameters and globals are replaced, also within a text', async () => {
    const inputs = {
      InputPayload: { account: '{{global:ACCOUNT_ID}}', id: 'arn:{{ Id }}', nested: { list: ['{{Id}}'] } },
    };
    const { performed } = await run([lambda('a', {}, inputs)], {}, [
      ['global:ACCOUNT_ID', '111122223333'],
      ['Id', 'x"y'],
    ]);
    expect(performed[0]?.inputs).toMatchObject({
      InputPayload: { account: '111122223333', id: 'arn:x"y', nested: { list: ['x"y'] } },
    });
  });
  test('an unknown variable fails the step with its name', async () => {
    await expect(run([lambda('a', {}, { InputPayload: { x: '{{ Nope }}' } })])).resolves.toMatchObject({
      failure: expect.stringContaining('Nope'),
    });
  });
  test('the output of a step is a variable for later steps', async () => {
    const { performed } = await run([lambda('a'), lambda('b', {}, { Payload: '{{a.Payload}}' })], {
      a: '{"x":1}',
    });
    expect(performed[1]?.inputs).toMatchObject({ Payload: '{"x":1}' });
  });
});

describe('an invalid document', () => {
  test.for([
    ['an unknown action', [{ name: 'a', action: 'aws:executeScript', inputs: {} }], 'action'],
    ['an unknown property of a step', [lambda('a', { colour: 'red' })], 'colour'],
    ['an unknown input', [lambda('a', {}, { Color: 'red' })], 'Color'],
    ['a step that does not exist', [lambda('a', { nextStep: 'z' })], "'z'"],
  ] as const)('a document with %s is refused', ([, steps, reason]) => {
    expect(() => document(steps)).toThrow(reason);
  });
});

describe('parameters', () => {
  const declared = document([lambda('a')], {
    parameters: {
      Id: { type: 'String', allowedPattern: '^[a-z]+$' },
      Role: { type: 'String', default: '' },
      List: { type: 'StringList', default: [] },
      Flag: { type: 'Boolean', default: false },
    },
  });
  const values = (given: Record<string, string[]>) =>
    Object.fromEntries(automationParameterValues(declared, given));

  test('parameters are converted to their declared type or take their default', () => {
    expect(values({ Id: ['abc'], List: ['a', 'b'], Flag: ['true'] })).toEqual({
      Id: 'abc',
      Role: '',
      List: ['a', 'b'],
      Flag: true,
    });
  });
  test.for([
    ['a missing value', {}, 'Id is missing'],
    ['a value that does not match the pattern', { Id: ['A'] }, 'does not match'],
    ['a second value for a String', { Id: ['a', 'b'] }, 'one value'],
    ['an undeclared parameter', { Id: ['a'], Other: ['b'] }, 'Other'],
  ] as const)('%s is refused', ([, given, reason]) => {
    expect(() => values(given as unknown as Record<string, string[]>)).toThrow(reason);
  });
});
