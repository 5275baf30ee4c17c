import type { ConfigurationItem, Rule } from '@compliance/core/rule';
import { exampleRule } from '@compliance/core/testing';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { itemPaths } from '../src/item-paths.ts';
import { rulePage } from '../src/rule-page.ts';
import type { Contract, TestedRule } from '../src/tests-of-rule.ts';

/** As the registry has it: without the types of its facts. */
const untyped: Rule = exampleRule;

const contract = (fixtures: Partial<Contract['fixtures']> = {}): Contract => ({
  command: exampleRule.command,
  fixtures: { compliant: {}, nonCompliant: {}, ...fixtures },
});

const tested = (more: Partial<TestedRule> = {}): TestedRule => ({
  rule: exampleRule,
  contracts: [contract()],
  titles: [],
  families: [],
  ...more,
});

test('a rule without impact has a safe fix', () => {
  expect(rulePage(tested())).toContain('Risk: safe. Nothing that works stops working.');
});

test('an impact is named as a disruption', () => {
  const rule = { ...exampleRule, impact: 'Logins fail.' };
  expect(rulePage(tested({ rule }))).toContain('Risk: disruptive. Logins fail.');
});

test('a fix without an undo is irreversible, and named by its seeds', () => {
  const rule = { ...exampleRule, impact: 'It is deleted.' };
  const contracts = [contract({ oneWay: { 'an old key': () => undefined } })];
  const page = rulePage(tested({ rule, contracts }));
  expect(page).toContain('Risk: irreversible, so never automatic. It is deleted.');
  expect(page).toContain('Impossible for: an old key.');
});

test('a rule without a fix says what a person must do', () => {
  // oxlint-disable-next-line typescript/unbound-method -- it is left out, not called.
  const { fix: _, ...rule } = exampleRule;
  const page = rulePage(tested({ rule: { ...rule, guidance: 'Ask the owner.' } }));
  expect(page).toContain('A person must act. Ask the owner.');
});

test('parameters are shown with type, default, meaning and whether the fix needs them', () => {
  const parameters = z.object({
    topicArn: z.string().nullable().default(null).describe('The topic to notify.'),
    ports: z.array(z.int()).default([22]).describe('Ports | protocols.'),
  });
  const rule = { ...untyped, parameters, needs: ['topicArn'] };
  const page = rulePage(tested({ rule }));
  expect(page).toContain('| `topicArn` | string or null | `null` | The topic to notify. The fix needs it. |');
  expect(page).toContain(
    ['| `ports` | list of integers | `[22]` | Ports ', ' protocols. |'].join(String.raw`\|`),
  );
});

test('what looks like markup in a title stays text', () => {
  const page = rulePage(tested({ rule: { ...exampleRule, title: '<b> and [x](y) are `code`' } }));
  expect(page).toContain(String.raw`\<b\> and \[x\](y) are \`code\``);
});

test('seeds and titles of tests are the edge cases, and seeds of two contracts stand once', () => {
  const contracts = [1, 2].map(() => contract({ compliant: { 'a closed group': () => undefined } }));
  const page = rulePage(tested({ contracts, titles: ['an open port is named'] }));
  expect(page.match(/COMPLIANT: a closed group/g)).toHaveLength(1);
  expect(page).toContain('- an open port is named');
});

test('the paths that a rule reads of an item are found without an item', () => {
  const Versioning = z.object({ rules: z.object({ status: z.string() }) });
  const observe = {
    ...untyped.observe,
    item: ({ supplementary }: ConfigurationItem) => {
      const parsed = Versioning.safeParse(supplementary['Versioning']);
      return parsed.success ? { facts: parsed.data.rules } : undefined;
    },
  };
  expect(itemPaths({ ...untyped, observe })).toEqual(['supplementary.Versioning.rules.status']);
});
