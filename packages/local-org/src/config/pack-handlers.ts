import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { PackTemplateError } from './pack-template.ts';
import type { Pack, Packs, PacksDependencies } from './packs.ts';

export const InputParameters = z
  .array(z.object({ ParameterName: z.string().max(255), ParameterValue: z.string().max(4096) }))
  .max(60)
  .optional();

export const parametersOf = (given: z.output<typeof InputParameters>): Record<string, string> =>
  Object.fromEntries((given ?? []).map(({ ParameterName: name, ParameterValue: value }) => [name, value]));

const PutRequest = z.object({
  ConformancePackName: z
    .string()
    .regex(/^[a-zA-Z][-a-zA-Z0-9]*$/)
    .max(256),
  TemplateBody: z.string().min(1).max(51_200).optional(),
  TemplateS3Uri: z
    .string()
    .regex(/^s3:\/\/.+\/.+/)
    .optional(),
  ConformancePackInputParameters: InputParameters,
});
const NameRequest = z.object({ ConformancePackName: z.string() });
const NamesRequest = z.object({
  ConformancePackNames: z.array(z.string()).max(25).optional(),
  NextToken: z.string().optional(),
});

/** AWS Config's operations on the conformance packs of an account. */
export const packHandlers = (packs: Packs, { readTemplate }: Pick<PacksDependencies, 'readTemplate'>) => {
  const requestedPacks = (call: Call): { items: Pack[]; nextToken?: string } => {
    const { ConformancePackNames: names, NextToken: nextToken } = parseInput(NamesRequest, call.input);
    return page(names?.map((name) => packs.get(call, name) ?? noSuchPack(name)) ?? packs.of(call), {
      limit: 20,
      nextToken,
    });
  };
  return {
    'config:PutConformancePack': async (call: Call) => {
      const request = parseInput(PutRequest, call.input);
      const source = { body: request.TemplateBody, s3Uri: request.TemplateS3Uri };
      if ((source.body === undefined) === (source.s3Uri === undefined)) {
        throw awsError(
          'ValidationException',
          'TemplateBody and TemplateS3Uri are both given or both missing. Give one of them.',
          400,
        );
      }
      const template = await readTemplate(call, source);
      const parameters = parametersOf(request.ConformancePackInputParameters);
      try {
        const pack = await packs.deploy(call, request.ConformancePackName, template, parameters);
        return { ConformancePackArn: pack.arn };
      } catch (error) {
        if (!(error instanceof PackTemplateError)) throw error;
        throw awsError('ConformancePackTemplateValidationException', error.message, 400);
      }
    },
    'config:DescribeConformancePacks': async (call: Call) => {
      const { items, nextToken } = requestedPacks(call);
      return { ConformancePackDetails: items.map(details), NextToken: nextToken };
    },
    'config:DescribeConformancePackStatus': async (call: Call) => {
      const { items, nextToken } = requestedPacks(call);
      return { ConformancePackStatusDetails: items.map(status), NextToken: nextToken };
    },
    'config:DeleteConformancePack': async (call: Call) => {
      const name = parseInput(NameRequest, call.input).ConformancePackName;
      packs.remove(packs.get(call, name) ?? noSuchPack(name));
      return {};
    },
  };
};

const details = (pack: Pack) => ({
  ConformancePackName: pack.name,
  ConformancePackArn: pack.arn,
  ConformancePackId: pack.id,
  ConformancePackInputParameters: Object.entries(pack.parameters).map(([name, value]) => ({
    ParameterName: name,
    ParameterValue: value,
  })),
  LastUpdateRequestedTime: toJsonTime(pack.requestedAt),
});

const status = (pack: Pack) => ({
  ConformancePackName: pack.name,
  ConformancePackId: pack.id,
  ConformancePackArn: pack.arn,
  ConformancePackState: pack.state,
  ConformancePackStatusReason: pack.reason,
  StackArn: `arn:aws:cloudformation:${pack.place.region}:${pack.place.accountId}:stack/awsconfigconforms-${pack.name}-${pack.id}`,
  LastUpdateRequestedTime: toJsonTime(pack.requestedAt),
  LastUpdateCompletedTime: pack.completedAt === undefined ? undefined : toJsonTime(pack.completedAt),
});

const noSuchPack = (name: string): never => {
  throw awsError(
    'NoSuchConformancePackException',
    `You specified one or more conformance packs that do not exist: ${name}.`,
    400,
  );
};
