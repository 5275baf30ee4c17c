import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

const Named = z.record(z.string(), z.record(z.string(), z.json()));
const Module = z.looseObject({ resource: z.record(z.string(), Named), variable: z.json().optional() });
export type Module = z.infer<typeof Module>;

/** Reads the modules of `make synth` by folder, with the expressions in policies resolved. */
export const readModules = async (folder: string): Promise<Readonly<Record<string, Module>>> => {
  const paths = await readdir(folder, { recursive: true });
  const modules = paths
    .filter((path) => path.endsWith('/main.tf.json'))
    .map(async (path) => {
      const text = resolved(await readFile(join(folder, path), 'utf8'));
      return [dirname(path), Module.parse(JSON.parse(text))] as const;
    });
  return Object.fromEntries(await Promise.all(modules));
};

const resolved = (text: string): string =>
  text
    .replaceAll('${data.aws_partition.current.partition}', 'aws')
    .replaceAll('${data.aws_caller_identity.current.account_id}', '111122223333')
    .replaceAll('${data.aws_region.current.id}', 'eu-west-1')
    .replaceAll(
      /\$\{aws_cloudfront_distribution\.\w+\.arn\}/g,
      'arn:aws:cloudfront::111122223333:distribution/EXAMPLE',
    )
    .replaceAll('$${', '${');

interface Policy {
  readonly Statement: readonly Record<string, unknown>[];
}

/** All IAM policies of a module by `<type>.<name>`: of identities, of resources and of trust. */
export const policiesOf = ({ resource }: Module): Readonly<Record<string, Policy>> =>
  Object.fromEntries(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, values]) =>
        Object.values(values).flatMap((value) =>
          typeof value === 'string' && value.includes('"Statement"')
            ? [[`${type}.${name}`, complete(type, policyIn(value))] as const]
            : [],
        ),
      ),
    ),
  );

const Policy = z.looseObject({ Statement: z.array(z.record(z.string(), z.unknown())) });

/** Parses a policy, also where Terraform expressions add principals to it. */
const policyIn = (text: string): Policy =>
  Policy.parse(
    JSON.parse(
      text
        .replaceAll(/\$\{jsonencode\(concat\((\[[^\]]*\]), var\.\w+\)\)\}/g, '$1')
        .replace(/^\$\{jsonencode\((.*)\)\}$/s, '$1')
        .replace(/concat\((\[[^\]]*\]), var\.\w+\)/, '$1'),
    ),
  );

/** Adds a resource to trust policies: they have none, but parliament requires one. */
const complete = (type: string, policy: Policy): Policy =>
  type === 'aws_iam_role'
    ? {
        ...policy,
        Statement: policy.Statement.map((statement) => ({
          ...statement,
          Resource: 'arn:aws:iam::111122223333:role/its-own',
        })),
      }
    : policy;

/** The part of a module that checkov understands. */
export const scannable = ({ resource, variable }: Module): object => ({
  resource,
  ...(variable !== undefined && { variable }),
});

export const writeJson = async (path: string, content: object): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(content));
};
