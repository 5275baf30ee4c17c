/** What a new rule starts from. */
export interface NewRule {
  /** `EBS_ENCRYPT_BY_DEFAULT` */
  readonly command: string;
  /** `AWS::EC2::VPC` */
  readonly resourceType: string;
  readonly family?: Family | undefined;
}

/** A package of packages/rules-shared, and those of its exports that a new rule starts with. */
export interface Family {
  readonly package: string;
  /** The function that makes a rule's `observe` from what decides its facts. */
  readonly observe: string;
  /** The constant with the permissions of what the family calls, if it has one. */
  readonly permissions?: string | undefined;
}

export const ACCOUNT = 'AWS::::Account';

/**
 * The files of a new rule by their paths in its package, all but the generated ones.
 * Its contract fails until the three numbered places are filled in: an unfinished rule never passes.
 */
export const scaffold = (rule: NewRule): Readonly<Record<string, string>> => ({
  'src/index.ts': `export { rule } from './rule.ts';\n`,
  'src/rule.ts': ruleFile(rule),
  'test/contract.emulator.test.ts': contractFile(rule),
});

const ruleFile = ({ command, resourceType, family }: NewRule): string => `${importsOf(resourceType, family)}
export const rule = defineRule({
  command: '${command}',
  // 1. Observe and judge: the facts that decide, how they are read, the IAM actions for it, and the verdict.
  title: '${titleOf(command)}',
  rationale: 'Why it matters, in a sentence.',
  severity: 'medium',
  resourceType: ${resourceType === ACCOUNT ? 'ACCOUNT_TYPE' : `'${resourceType}'`},
  deploy: '${isGlobal(command, resourceType) ? 'home-region' : 'every-region'}',
  triggers: [${resourceType === ACCOUNT ? '' : `'change', `}'schedule'],
  controls: {},
  parameters: z.object({}),
  facts: z.object({ enabled: z.boolean() }),
  permissions: ${family?.permissions ?? '{ list: [], get: [], fix: [], undo: [] }'},

${observe({ command, resourceType, family })}

  judge: ({ enabled }) => (enabled ? compliant() : nonCompliant('What was found, and what is wrong with it.')),

  // 2. Fix: the calls that make the resource compliant, the calls that undo them, and the same change in code.
  fix: () => ({ manual: '${command} has no fix yet.' }),
});
`;

const importsOf = (resourceType: string, family: Family | undefined): string => {
  const core = [
    ...(resourceType === ACCOUNT ? ['ACCOUNT_TYPE'] : []),
    'compliant',
    'defineRule',
    'nonCompliant',
    ...(resourceType === ACCOUNT && !family ? ['observeAccount'] : []),
  ];
  const shared = family && [
    ...(family.permissions === undefined ? [] : [family.permissions]),
    family.observe,
  ];
  return [
    `import { ${core.join(', ')} } from '@compliance/core/rule';`,
    ...(shared ? [`import { ${shared.join(', ')} } from '${family.package}';`] : []),
    `import * as z from 'zod';\n`,
  ].join('\n');
};

const observe = ({ command, resourceType, family }: NewRule): string => {
  if (family)
    return `  observe: ${family.observe}(() => {
    throw new Error('${command} reads no facts yet.');
  }),`;
  if (resourceType === ACCOUNT)
    return `  observe: observeAccount(async (session) => {
    throw new Error(\`${command} reads no facts of \${session.accountId} yet.\`);
  }),`;
  return `  observe: {
    get: async ({ resourceId }, { session }) => {
      throw new Error(\`${command} reads no facts of \${resourceId} in \${session.region} yet.\`);
    },
    list: async function* () {
      const resourceIds: readonly string[] = []; // Every one of the account and Region, with the fewest calls.
      for (const resourceId of resourceIds) yield { resource: { resourceType: '${resourceType}', resourceId } };
    },
  },`;
};

const contractFile = ({
  command,
}: NewRule): string => `import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

// 3. Seed: the calls that make what the rule judges, in an empty account.
const seed = (enabled: boolean) => async (admin: Session): Promise<Resource> => {
  throw new Error(\`${command} has no seed with enabled: \${enabled} in \${admin.accountId} yet.\`);
};

describeRuleContract(rule, {
  compliant: { 'what is enabled': seed(true) },
  nonCompliant: { 'what is not enabled': seed(false) },
});
`;

/** `EBS_ENCRYPT_BY_DEFAULT` → `EBS encrypt by default` */
const titleOf = (command: string): string => {
  const [service = '', ...words] = command.split('_');
  return [service, ...words.map((word) => word.toLowerCase())].join(' ');
};

const isGlobal = (command: string, resourceType: string): boolean =>
  command.startsWith('IAM_') || resourceType.startsWith('AWS::IAM::');
