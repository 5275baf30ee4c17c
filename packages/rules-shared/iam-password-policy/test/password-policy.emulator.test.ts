import {
  GetAccountPasswordPolicyCommand,
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  ACCOUNT_TYPE,
  runSteps,
  change,
  compliant,
  defineRule,
  openJournal,
  readChange,
  undoSteps,
  type Session,
} from '@compliance/core';
import { emulatedAccount, memoryTable } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { observePasswordPolicy } from '../src/observe-password-policy.ts';
import { PASSWORD_POLICY_PERMISSIONS, passwordPolicy, type PasswordPolicy } from '../src/password-policy.ts';
import { tightenPasswordPolicy } from '../src/tighten-password-policy.ts';

/** A rule that requires these members of the password policy. */
const ruleOn = (command: string, wanted: Partial<PasswordPolicy>) =>
  defineRule({
    command,
    title: command,
    rationale: command,
    severity: 'low',
    resourceType: ACCOUNT_TYPE,
    deploy: 'home-region',
    triggers: ['schedule'],
    controls: {},
    parameters: z.object({}),
    facts: z.object({ custom: z.boolean() }),
    permissions: PASSWORD_POLICY_PERMISSIONS,
    observe: observePasswordPolicy(({ custom }) => ({ custom })),
    judge: compliant,
    fix: ({ facts }) =>
      change({ description: command, risk: 'safe', steps: [tightenPasswordPolicy(() => wanted, facts)] }),
    undo: { documents: [passwordPolicy] },
  });

const onLength = ruleOn('ON_LENGTH', { MinimumPasswordLength: 14 });
const onReuse = ruleOn('ON_REUSE', { PasswordReusePrevention: 24 });

const organization = async () => {
  const { admin, accountId } = await emulatedAccount();
  const table = memoryTable();

  const apply = async (rule: typeof onLength) => {
    const resource = { resourceType: ACCOUNT_TYPE, resourceId: accountId };
    const seen = await rule.observe.get(resource, { session: admin });
    if (!rule.fix || !seen) throw new Error('Expected an observation and a fix.');
    const context = { parameters: {}, accountId, region: admin.region, partition: 'aws', now: new Date(0) };
    const fix = rule.fix({ ...context, resource, facts: seen.facts, handles: undefined });
    if ('manual' in fix) throw new Error(fix.manual);
    const journal = await openJournal(table, {
      changeId: rule.command,
      planId: rule.command,
      command: rule.command,
      accountId,
      region: admin.region,
      resource,
      description: fix.description,
      executionId: 'test',
      partition: 'aws',
      startedAt: context.now.toISOString(),
      factsBefore: seen.facts,
      status: 'applying',
    });
    const { error } = await runSteps(fix, { session: admin, journal, table });
    expect(error).toBeUndefined();
  };

  const undo = async (rule: typeof onLength) => {
    const recorded = await readChange(table, rule.command);
    if (!recorded) throw new Error(`${rule.command} was not applied.`);
    await undoSteps(rule, recorded.entries, { session: admin, journal: recorded.journal, table });
  };

  return { admin, apply, undo, live: () => passwordPolicy.read('', admin) };
};

const update = async (session: Session, policy: Partial<PasswordPolicy>) => {
  await session.client(IAMClient).send(new UpdateAccountPasswordPolicyCommand(policy));
};

describe('the password policy as a document that rules share', () => {
  test('an account without a password policy of its own has no document', async () => {
    const { live } = await organization();
    await expect(live()).resolves.toBeUndefined();
  });

  test('a password policy that is read and written back is the same', async () => {
    const { admin, live } = await organization();
    await update(admin, {
      MinimumPasswordLength: 9,
      MaxPasswordAge: 90,
      HardExpiry: true,
      RequireSymbols: true,
    });
    const client = admin.client(IAMClient);
    const before = await client.send(new GetAccountPasswordPolicyCommand({}));

    const policy = await live();
    expect(policy).not.toHaveProperty('PasswordReusePrevention');
    await passwordPolicy.write('', policy ?? passwordPolicy.defaults, admin);

    const after = await client.send(new GetAccountPasswordPolicyCommand({}));
    expect(after.PasswordPolicy).toEqual(before.PasswordPolicy);
  });

  test('removing a missing password policy succeeds', async () => {
    const { admin, live } = await organization();
    await passwordPolicy.remove('', admin);
    await expect(live()).resolves.toBeUndefined();
  });

  test('edits of the password policy by two rules are both applied', async () => {
    const { apply, live } = await organization();
    await apply(onLength);
    await apply(onReuse);
    await expect(live()).resolves.toMatchObject({ MinimumPasswordLength: 14, PasswordReusePrevention: 24 });
  });

  test.for([
    [onLength, { MinimumPasswordLength: 8, PasswordReusePrevention: 24 }],
    [onReuse, { MinimumPasswordLength: 14 }],
  ] as const)(
    'undoing one of two edits of the password policy keeps the other: $0.command',
    async ([rule, left]) => {
      const { apply, undo, live } = await organization();
      await apply(onLength);
      await apply(onReuse);
      await undo(rule);
      const policy = await live();
      expect(policy).toMatchObject(left);
      expect('PasswordReusePrevention' in (policy ?? {})).toBe('PasswordReusePrevention' in left);
    },
  );

  test('undoing the only edit deletes the password policy that it created', async () => {
    const { apply, undo, live } = await organization();
    await apply(onLength);
    await undo(onLength);
    await expect(live()).resolves.toBeUndefined();
  });

  test.for([
    ['the later one first', [onReuse, onLength]],
    ['in the order they were applied', [onLength, onReuse]],
  ] as const)('undoing both edits, %s, deletes the password policy', async ([, [first, second]]) => {
    const { apply, undo, live } = await organization();
    await apply(onLength);
    await apply(onReuse);
    await undo(first);
    await undo(second);
    await expect(live()).resolves.toBeUndefined();
  });

  test('undoing both edits keeps a password policy that the owner wrote meanwhile', async () => {
    const { admin, apply, undo, live } = await organization();
    await apply(onLength);
    await update(admin, { ...(await live()), MaxPasswordAge: 90 });
    await apply(onReuse);
    await undo(onLength);
    await undo(onReuse);
    await expect(live()).resolves.toEqual({ ...passwordPolicy.defaults, MaxPasswordAge: 90 });
  });

  test('an edit and its undo leave the rest of a password policy as it is', async () => {
    const { admin, apply, undo, live } = await organization();
    await update(admin, { MinimumPasswordLength: 9, RequireSymbols: true, MaxPasswordAge: 90 });
    const before = await live();
    await apply(onLength);
    await expect(live()).resolves.toEqual({ ...before, MinimumPasswordLength: 14 });
    await undo(onLength);
    await expect(live()).resolves.toEqual(before);
  });
});
