import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { didYouMean } from '../../packages/core/src/base/did-you-mean.ts';
import { generatedFiles } from './generated-files.ts';
import { importedPackages } from './imports.ts';
import { commandOf, folderOf, packageName, packagesIn } from './packages.ts';
import { ACCOUNT, scaffold, type Family } from './scaffold.ts';

/** What `make new-rule` is given; '' where it is left out. */
export interface Request {
  readonly name: string;
  readonly family: string;
  readonly resource: string;
}

/**
 * Writes the package of a new rule, and returns its folder.
 * @throws {Error} when the request or a package that is there is wrong; nothing is written then
 */
export const writeNewRule = async (root: string, { name, family, resource }: Request): Promise<string> => {
  assertCommand(name);
  assertFree(root, name);
  assertResourceType(resource);
  if (family !== '') await assertRelated(root, family, resource || ACCOUNT);
  const files = scaffold({
    command: name,
    resourceType: resource || ACCOUNT,
    family: family ? await readFamily(root, family) : undefined,
  });
  generatedFiles(root);
  const folder = `packages/rules/${folderOf(name)}`;
  for (const [path, text] of Object.entries(files)) {
    const target = join(root, folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return folder;
};

/** A rule whose name is like a new one's: it may be the one that was meant. */
export const nearRule = (root: string, name: string): string =>
  didYouMean(
    name,
    packagesIn(root, 'packages/rules')
      .map(commandOf)
      .filter((command) => command !== name),
  );

/**
 * The name of an AWS Config rule has 128 characters; the commands of this product have more than enough with them.
 * @see https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html
 */
const LONGEST = 128;

const assertCommand = (name: string): void => {
  if (name.length > LONGEST)
    throw new Error(
      `NAME has ${name.length} characters, and AWS Config's rules have names of ${LONGEST} at most. Shorten ${name.slice(0, 24)}…`,
    );
  if (/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name)) return;
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').match(/[A-Za-z0-9]+/g) ?? [];
  const hint = words.length > 1 ? words.join('_').toUpperCase() : 'two words or more: EBS_ENCRYPT_BY_DEFAULT';
  throw new Error(`NAME is UPPER_SNAKE_CASE, not '${name}'. Write ${hint}.`);
};

const assertFree = (root: string, name: string): void => {
  const taken = ['packages', 'packages/rules', 'packages/rules-shared']
    .map((parent) => `${parent}/${folderOf(name)}`)
    .find((folder) => hasFiles(join(root, folder)));
  if (taken !== undefined)
    throw new Error(`${name} is taken: ${taken} is there. Choose another name, or delete the folder.`);
};

/** What git leaves of a removed package, such as node_modules, is not a package. */
const hasFiles = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => name !== 'node_modules');

const assertResourceType = (resource: string): void => {
  if (resource === '' || resource === ACCOUNT || /^AWS::[A-Za-z0-9]+::[A-Za-z0-9]+$/.test(resource)) return;
  throw new Error(`RESOURCE is a resource type of AWS Config, such as AWS::EC2::VPC, not '${resource}'.`);
};

/** A family observes what its rules judge: in a rule of another type, none of it would fit. */
const assertRelated = async (root: string, family: string, resource: string): Promise<void> => {
  const types = new Set<string>();
  for (const folder of packagesIn(root, 'packages/rules')) {
    const path = join(root, 'packages/rules', folder);
    if (!importedPackages(join(path, 'src')).has(packageName(family))) continue;
    const { rule } = Rule.parse(await import(join(path, 'src/index.ts')));
    types.add(rule.resourceType);
  }
  if (types.size === 0 || types.has(resource)) return;
  const known = [...types].join(', ');
  throw new Error(
    `FAMILY '${family}' observes ${known}, not ${resource}. Set RESOURCE to ${known}, or leave FAMILY out.`,
  );
};

const Rule = z.object({ rule: z.object({ resourceType: z.string() }) });

const readFamily = async (root: string, name: string): Promise<Family> => {
  const families = packagesIn(root, 'packages/rules-shared');
  if (!families.includes(name))
    throw new Error(
      `FAMILY '${name}' is not in packages/rules-shared${didYouMean(name, families) || '.'} Known: ${families.join(', ')}.`,
    );
  const exported: unknown = await import(join(root, 'packages/rules-shared', name, 'src/index.ts'));
  const names = Object.keys(Object(exported)).toSorted();
  const observe = names.find((candidate) => /^observe[A-Z]/.test(candidate));
  if (observe === undefined)
    throw new Error(
      `FAMILY '${name}' exports no function observe…, only ${names.join(', ')}. Leave FAMILY out, and import what the rule needs.`,
    );
  const permissions = names.find((candidate) => candidate.endsWith('_PERMISSIONS'));
  return { package: packageName(name), observe, permissions };
};
