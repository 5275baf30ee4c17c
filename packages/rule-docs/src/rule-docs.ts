import { join } from 'node:path';

import { grantAction } from '@compliance/core';
import { frameworks, mappedFrameworks } from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';
import { collectTests, familiesOf } from '@compliance/rule-fixtures';

import { frameworkPage, indexPage, mappedFrameworkPage } from './index-pages.ts';
import { proofPage } from './proof-page.ts';
import { rulePage } from './rule-page.ts';
import { readSupplement } from './supplement.ts';
import type { TestedRule } from './tests-of-rule.ts';

/** Every page of `docs/rules`: path in the repository → text. */
export const ruleDocs = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const rules = await loadAllRules();
  const tested: TestedRule[] = [];
  for (const rule of rules) {
    const folder = `packages/rules/${nameOf(rule.command)}`;
    const tests = await collectTests(join(root, folder));
    tested.push({ rule, families: familiesOf(rule.command).map(folderOfFamily), ...tests });
  }
  const actions = rules.flatMap(({ permissions }) => Object.values(permissions).flat().map(grantAction));
  const supplement = readSupplement(join(root, 'packages/local-org/src/emulator/supplement'), actions);
  return {
    'docs/rules/README.md': indexPage(rules),
    'docs/rules/proof.md': proofPage(tested, supplement),
    ...Object.fromEntries(
      frameworks.map((framework) => [
        `docs/rules/frameworks/${framework.id}.md`,
        frameworkPage(framework, rules),
      ]),
    ),
    ...Object.fromEntries(
      mappedFrameworks.map((framework) => [
        `docs/rules/frameworks/${framework.id}.md`,
        mappedFrameworkPage(framework, rules),
      ]),
    ),
    ...Object.fromEntries(tested.map((one) => [`docs/rules/${nameOf(one.rule.command)}.md`, rulePage(one)])),
  };
};

const nameOf = (command: string): string => command.toLowerCase().replaceAll('_', '-');

const folderOfFamily = (family: string): string => `packages/rules-shared/${family}`;
