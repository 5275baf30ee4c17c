import {
  ConfigServiceClient,
  DescribeRemediationConfigurationsCommand,
  paginateDescribeConfigRules,
  type ConfigRule,
  type RemediationConfiguration,
} from '@aws-sdk/client-config-service';
import { withoutPackSuffix, type Session } from '@compliance/core';
import { FUNCTIONS } from '@compliance/infra';
import * as z from 'zod';

import type { DeployedRemediation } from '../model/deployment.ts';
import type { Fragment } from './fragment.ts';

/** Maximum number of rules per call. */
const NAMES_PER_CALL = 25;

const InputParameters = z.record(z.string(), z.unknown().transform(String));

/** Reads the product's Config rules of an account and Region. */
export const readRules = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  const client = session.client(ConfigServiceClient);
  const found: ConfigRule[] = [];
  for await (const { ConfigRules = [] } of paginateDescribeConfigRules({ client }, {}))
    found.push(
      ...ConfigRules.filter(({ Source }) =>
        Source?.SourceIdentifier?.includes(`:function:${FUNCTIONS.rule}`),
      ),
    );
  const remediations = await remediationsOf(
    session,
    found.flatMap(({ ConfigRuleName }) => ConfigRuleName ?? []),
  );
  return {
    rules: found.map(({ ConfigRuleName = '', InputParameters: parameters, Scope, Source }) => ({
      accountId,
      region,
      name: withoutPackSuffix(ConfigRuleName),
      functionArn: Source?.SourceIdentifier ?? '',
      inputParameters: parseParameters(parameters),
      resourceTypes: Scope?.ComplianceResourceTypes ?? [],
      messageTypes: Source?.SourceDetails?.flatMap(({ MessageType }) => MessageType ?? []) ?? [],
      remediation: remediations.get(ConfigRuleName),
    })),
    coverage: [{ part: 'rules', accountId, region }],
  };
};

const parseParameters = (text: string | undefined): Readonly<Record<string, string>> => {
  if (text === undefined || text === '') return {};
  const parsed = InputParameters.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : {};
};

const remediationsOf = async (session: Session, names: readonly string[]) => {
  const remediations = new Map<string, DeployedRemediation>();
  for (let start = 0; start < names.length; start += NAMES_PER_CALL) {
    const { RemediationConfigurations = [] } = await session.client(ConfigServiceClient).send(
      new DescribeRemediationConfigurationsCommand({
        ConfigRuleNames: names.slice(start, start + NAMES_PER_CALL),
      }),
    );
    for (const remediation of RemediationConfigurations)
      remediations.set(remediation.ConfigRuleName ?? '', remediationOf(remediation));
  }
  return remediations;
};

const remediationOf = ({ TargetId = '', Automatic = false, Parameters = {} }: RemediationConfiguration) => ({
  documentArn: TargetId,
  automatic: Automatic,
  parameters: Object.fromEntries(
    Object.entries(Parameters).map(([name, { StaticValue, ResourceValue }]) => [
      name,
      ResourceValue?.Value ?? StaticValue?.Values?.join() ?? '',
    ]),
  ),
});
