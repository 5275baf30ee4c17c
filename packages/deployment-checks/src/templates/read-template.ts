import { parse } from 'yaml';
import * as z from 'zod';

import type { DeployedRemediation, DeployedRule } from '../model/deployment.ts';

const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const ConfigRule = z.object({
  Type: z.literal('AWS::Config::ConfigRule'),
  Properties: z.object({
    ConfigRuleName: z.string(),
    InputParameters: z.record(z.string(), Text).default({}),
    Scope: z.object({ ComplianceResourceTypes: z.array(z.string()).default([]) }).optional(),
    Source: z.object({
      SourceIdentifier: z.string(),
      SourceDetails: z.array(z.object({ MessageType: z.string() })).default([]),
    }),
  }),
});

const Parameter = z.union([
  z
    .object({ StaticValue: z.object({ Values: z.array(Text) }) })
    .transform(({ StaticValue }) => StaticValue.Values.join()),
  z
    .object({ ResourceValue: z.object({ Value: z.string() }) })
    .transform(({ ResourceValue }) => ResourceValue.Value),
]);

const Remediation = z.object({
  Type: z.literal('AWS::Config::RemediationConfiguration'),
  Properties: z.object({
    ConfigRuleName: z.string(),
    TargetId: z.string(),
    Parameters: z.record(z.string(), Parameter).default({}),
    Automatic: z.boolean().default(false),
  }),
});

const Template = z.object({
  Resources: z.record(z.string(), z.discriminatedUnion('Type', [ConfigRule, Remediation])),
});

/** A rule in a pack's template, without account and Region. */
export type TemplateRule = Omit<DeployedRule, 'accountId' | 'region'>;

/** Parses the rules and remediations of a conformance pack template. `undefined`: not such a template. */
export const readTemplate = (text: string): readonly TemplateRule[] | undefined => {
  const parsed = Template.safeParse(parseText(text));
  if (!parsed.success) return undefined;
  const resources = Object.values(parsed.data.Resources);
  const remediations = new Map<string, DeployedRemediation>();
  for (const { Type, Properties } of resources)
    if (Type === 'AWS::Config::RemediationConfiguration')
      remediations.set(Properties.ConfigRuleName, {
        documentArn: Properties.TargetId,
        automatic: Properties.Automatic,
        parameters: Properties.Parameters,
      });
  return resources.flatMap(({ Type, Properties }) =>
    Type === 'AWS::Config::ConfigRule'
      ? [
          {
            name: Properties.ConfigRuleName,
            functionArn: Properties.Source.SourceIdentifier,
            inputParameters: Properties.InputParameters,
            resourceTypes: Properties.Scope?.ComplianceResourceTypes ?? [],
            messageTypes: Properties.Source.SourceDetails.map(({ MessageType }) => MessageType),
            remediation: remediations.get(Properties.ConfigRuleName),
          },
        ]
      : [],
  );
};

const parseText = (text: string): unknown => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};
