import { describe, expect, test } from 'vitest';

import { exitCodeOf, Interruption } from '../src/base/interruption.ts';
import { rollOut } from '../src/packs/rollout.ts';
import { planWaves } from '../src/packs/waves.ts';
import { fakeOrganization } from './fake-organization.ts';

const [A, B, C, D] = ['111122223333', '222233334444', '333344445555', '444455556666'];
const ALL = [A, B, C, D];

describe('waves', () => {
  test.for([
    ['one, without canaries', {}, [ALL]],
    ['the canaries, then all others', { canaries: [C] }, [[C], [A, B, D]]],
    ['of the size that was said', { canaries: [C], size: 2 }, [[C], [A, B], [D]]],
    ['of those alone that were not reached', { canaries: [C], size: 2, reached: [C, A] }, [[B, D]]],
    [
      'none with a new account before those that were reached are well',
      { reached: [A], healthy: false },
      [[], [B, C, D]],
    ],
    ['one without accounts, where all were reached', { reached: ALL }, [[]]],
  ] as const)('%s', ([, given, expected]) => {
    const { canaries, reached, ...rest } = {
      canaries: [],
      size: undefined,
      reached: [],
      healthy: true,
      ...given,
    };
    expect(planWaves({ listed: ALL, canaries, reached: new Set(reached), ...rest })).toEqual(expected);
  });
});

describe('a rollout', () => {
  test('reaches the canary first, then wave after wave', async () => {
    const { context, given, said, state } = await fakeOrganization(ALL);
    state.busy = 2;
    await rollOut(context({ CANARY: B, WAVE: '2' }));
    expect(given).toEqual([[A, C, D], [D], []]);
    expect(said).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Wave 1 of 3: 222233334444\. .*at most 30 minutes/),
        '0 of 1 accounts have their packs.',
        '1 of 1 accounts have their packs.',
        '4 of 4 accounts have their packs.',
      ]),
    );
  });
  test('never takes the packs from an account that has them', async () => {
    const { context, given, applied } = await fakeOrganization(ALL);
    await rollOut(context());
    applied.clear();
    await rollOut(context({ CANARY: A }));
    expect(given).toEqual([[], []]);
  });
  test('stops at the first wave with a failure, with the account and the reason', async () => {
    const { context, given, failing } = await fakeOrganization(ALL);
    failing.add(B);
    const rollout = rollOut(context({ CANARY: A, WAVE: '1' }));
    await expect(rollout).rejects.toThrow(
      /stops here: 1 account\(s\)[^]*222233334444 \(name of 222233334444\) .* CREATE_FAILED {2}There is no recorder\./,
    );
    expect(given).toEqual([
      [B, C, D],
      [C, D],
    ]);
  });
  test('goes on where it stopped, and only when what failed is well: AWS Config is asked once more', async () => {
    const { context, given, failing, said } = await fakeOrganization(ALL);
    failing.add(A);
    for (let times = 0; times < 2; times += 1)
      await expect(rollOut(context({ CANARY: A }))).rejects.toThrow('stops here');
    failing.clear();
    await rollOut(context({ CANARY: A }));
    expect(said).toContain('Giving compliance-regional in eu-west-1 once more: it had failed.');
    const waiting = [B, C, D];
    expect(given).toEqual([waiting, waiting, waiting, []]);
  });
  test('that is interrupted while AWS Config is at work ends at once, and the next one goes on', async () => {
    const { context, state, given, accounts } = await fakeOrganization(ALL);
    state.busy = Infinity;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Interruption()), 100);
    const error: unknown = await rollOut(context({ CANARY: A }, controller.signal)).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toContain('the same command goes on from there');
    expect(exitCodeOf(error)).toBe(130);
    // AWS Config is not done when the next one begins.
    for (const account of accounts.values()) account.busy = 1;
    state.busy = 0;
    await rollOut(context({ CANARY: A }));
    expect(given).toEqual([[B, C, D], []]);
  });
  test('ends after WAIT_MINUTES, naming who is not done', async () => {
    const { context, state } = await fakeOrganization([A]);
    state.busy = Infinity;
    await expect(rollOut(context({ WAIT_MINUTES: '0.001' }))).rejects.toThrow(
      `${A} (name of ${A})  eu-west-1       compliance-regional     CREATE_IN_PROGRESS  not done after 0.001 minutes`,
    );
  });
  test("does not believe Terraform's provider, and has it replace nothing", async () => {
    const { context, state, ran } = await fakeOrganization([A]);
    state.applyFails = 'Error: waiting for ConfigService Organization Conformance Pack (x) create: timeout';
    await rollOut(context());
    await rollOut(context());
    expect(ran).toContain('untaint aws_config_organization_conformance_pack.x');
  });
  test('believes Terraform when AWS Config refused the pack', async () => {
    const { context, state } = await fakeOrganization([A]);
    state.applyFails = 'Error: creating ConfigService Organization Conformance Pack (x): ValidationException';
    await expect(rollOut(context())).rejects.toThrow('ValidationException');
  });
  test('is refused before anything is changed when it would leave out more than AWS Config can', async () => {
    const many = Array.from({ length: 999 }, (_, index) => String(500_000_000_000 + index));
    const { context, given } = await fakeOrganization([A, B], many);
    await expect(rollOut(context({ CANARY: A }))).rejects.toThrow('would leave out 1001: 1000 of the');
    expect(given).toEqual([]);
  });
});
