import { describe, expect, test } from 'vitest';

import { exitCodeOf, Interruption } from '../src/base/interruption.ts';
import { rollOut } from '../src/packs/rollout.ts';
import { planWaves } from '../src/packs/waves.ts';
import { fakeOrganization } from './fake-organization.ts';

const [A, B, C, D] = ['111122223333', '222233334444', '333344445555', '444455556666'];
const ALL = [A, B, C, D];

describe('waves', () => {
  test.for([
    ['without canaries there is one wave', {}, [ALL]],
    ['the canaries are the first wave, all others the second', { canaries: [C] }, [[C], [A, B, D]]],
    ['the waves after the canaries have the given size', { canaries: [C], size: 2 }, [[C], [A, B], [D]]],
    [
      'accounts that were reached before are in no wave',
      { canaries: [C], size: 2, reached: [C, A] },
      [[B, D]],
    ],
    [
      'while a reached account is unhealthy, the first wave has no new account',
      { reached: [A], healthy: false },
      [[], [B, C, D]],
    ],
    ['when all accounts were reached, there is one wave without new accounts', { reached: ALL }, [[]]],
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
  test('a rollout reaches the canary first, then wave after wave', async () => {
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
  test('a rollout never excludes an account that has the packs', async () => {
    const { context, given, applied } = await fakeOrganization(ALL);
    await rollOut(context());
    applied.clear();
    await rollOut(context({ CANARY: A }));
    expect(given).toEqual([[], []]);
  });
  test('a rollout stops at the first wave with a failure, with the account and the reason', async () => {
    const { context, given, failing } = await fakeOrganization(ALL);
    failing.add(B);
    const rollout = rollOut(context({ CANARY: A, WAVE: '1' }));
    await expect(rollout).rejects.toThrow(
      /stops here: 1 account\(s\)[^]*222233334444 \(name of 222233334444\) .* CREATE_FAILED +There is no recorder\./,
    );
    expect(given).toEqual([
      [B, C, D],
      [C, D],
    ]);
  });
  test('a rollout resumes after the failed packs were deployed again successfully', async () => {
    const { context, given, failing, said } = await fakeOrganization(ALL);
    failing.add(A);
    for (let times = 0; times < 2; times += 1)
      await expect(rollOut(context({ CANARY: A }))).rejects.toThrow('stops here');
    failing.clear();
    await rollOut(context({ CANARY: A }));
    expect(said).toContain('Redeploying compliance-regional in eu-west-1: it had failed.');
    const waiting = [B, C, D];
    expect(given).toEqual([waiting, waiting, waiting, []]);
  });
  test('a rollout that is interrupted while it waits ends at once, and the next one resumes', async () => {
    const { context, state, given, accounts } = await fakeOrganization(ALL);
    state.busy = Infinity;
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Interruption()), 100);
    const error: unknown = await rollOut(context({ CANARY: A }, controller.signal)).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toContain('Run the same command again to resume');
    expect(exitCodeOf(error)).toBe(130);
    // AWS Config is still working when the next rollout begins.
    for (const account of accounts.values()) account.busy = 1;
    state.busy = 0;
    await rollOut(context({ CANARY: A }));
    expect(given).toEqual([[B, C, D], []]);
  });
  test('a rollout ends after WAIT_MINUTES with the accounts that are not done', async () => {
    const { context, state } = await fakeOrganization([A]);
    state.busy = Infinity;
    await expect(rollOut(context({ WAIT_MINUTES: '0.001' }))).rejects.toThrow(
      `${A} (name of ${A})  eu-west-1       compliance-regional     CREATE_IN_PROGRESS  not done after 0.001 minutes`,
    );
  });
  test('a timeout of the provider does not fail a rollout, and replaces nothing', async () => {
    const { context, state, ran } = await fakeOrganization([A]);
    state.applyFails = 'Error: waiting for ConfigService Organization Conformance Pack (x) create: timeout';
    await rollOut(context());
    await rollOut(context());
    expect(ran).toContain('untaint aws_config_organization_conformance_pack.x');
  });
  test('a pack that AWS Config refuses fails a rollout', async () => {
    const { context, state } = await fakeOrganization([A]);
    state.applyFails = 'Error: creating ConfigService Organization Conformance Pack (x): ValidationException';
    await expect(rollOut(context())).rejects.toThrow('ValidationException');
  });
  test('a rollout that excludes more accounts than AWS Config allows is refused before any change', async () => {
    const many = Array.from({ length: 999 }, (_, index) => String(500_000_000_000 + index));
    const { context, given } = await fakeOrganization([A, B], many);
    await expect(rollOut(context({ CANARY: A }))).rejects.toThrow('excludes too many accounts: 1001;');
    expect(given).toEqual([]);
  });
});
