import { evaluateGrants, grantAction, isGlobMatch } from '@compliance/core';
import { managedPolicyDocument } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';

import { readOnlyPolicy } from '../src/account/read-only-policy.ts';

const Document = z.object({
  Statement: z.array(
    z.object({ Action: z.union([z.string(), z.array(z.string())]).transform((action) => [action].flat()) }),
  ),
});

/** Whether AWS's policy has an action, as the emulator's package data has the policy. */
const actionsOf = async (name: string) => {
  const { Statement } = Document.parse(await managedPolicyDocument(name));
  const patterns = Statement.flatMap(({ Action }) => Action).map((action) => action.toLowerCase());
  return (action: string) => patterns.some((pattern) => isGlobMatch(pattern, action.toLowerCase()));
};

test("AWS's ReadOnlyAccess has every action of a scan of all rules", async () => {
  const has = await actionsOf('ReadOnlyAccess');
  const actions = readOnlyPolicy(await loadAllRules(), { items: true }).Statement.flatMap(
    ({ Action }) => Action,
  );
  expect(actions.filter((action) => !has(action))).toEqual([]);
});

test("AWS's SecurityAudit has every action of the scan itself, but for one that EC2 answers instead", async () => {
  const has = await actionsOf('SecurityAudit');
  const actions = readOnlyPolicy([], { items: true }).Statement.flatMap(({ Action }) => Action);
  expect(actions.filter((action) => !has(action))).toEqual(['account:ListRegions']);
});

test("a scan of AWS Config's records alone needs no action of its rules", async () => {
  const actions = readOnlyPolicy(await loadAllRules(), { live: false, items: true }).Statement.flatMap(
    ({ Action }) => Action,
  );
  expect(actions.filter((action) => !action.startsWith('config:'))).toEqual([]);
  expect(actions).toHaveLength(4);
});

test("docs/scan.md lists the rules that AWS's SecurityAudit leaves unjudged", async () => {
  const has = await actionsOf('SecurityAudit');
  const unjudged = (await loadAllRules()).flatMap((rule) => {
    const lacking = [...new Set(evaluateGrants(rule).map(grantAction))].filter((action) => !has(action));
    return lacking.length > 0 ? [{ command: rule.command, lacking }] : [];
  });
  expect(unjudged.length).toBeGreaterThan(0);
  const page = await readFile(join(import.meta.dirname, '../../../docs/scan.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `([A-Z0-9_]+)` +\| (.+?) +\|$/gm)].map(
    ([, command, actions = '']) => ({
      command,
      lacking: actions.split(', ').map((action) => action.replaceAll('`', '')),
    }),
  );
  expect(listed).toEqual(unjudged);
});
