import { fileURLToPath } from 'node:url';

import { ConfigServiceClient, PutOrganizationConformancePackCommand } from '@aws-sdk/client-config-service';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateDocumentCommand, ModifyDocumentPermissionCommand, SSMClient } from '@aws-sdk/client-ssm';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

import type { LocalOrg } from '../../src/index.ts';

/** Returns an identity policy. */
export const allow = (action: string | string[], resource = '*') =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: resource }],
  });

/** Returns a trust policy. */
export const trust = (principal: Record<string, string>, condition: Record<string, unknown> = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition }],
  });

const FUNCTIONS = {
  evaluate: import.meta.resolve('./evaluate.ts'),
  remediate: import.meta.resolve('./remediate.ts'),
};

/** Bundles and zips a function of this folder. */
export const bundle = async (name: keyof typeof FUNCTIONS): Promise<Uint8Array> => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(FUNCTIONS[name])],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    minify: true,
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return zipSync({ 'index.mjs': outputFiles[0]?.contents ?? new Uint8Array() });
};

/** Deploys roles, functions, document and pack by ordinary AWS calls. */
export const deploy = async (
  org: LocalOrg,
  options: { readonly evaluate: Uint8Array; readonly remediate: Uint8Array },
): Promise<{ readonly evaluateArn: string; readonly remediateArn: string }> => {
  const { master, members } = org.organization;
  const [evaluateArn = '', remediateArn = ''] = await Promise.all(
    (['evaluate', 'remediate'] as const).map(async (name) => {
      await role(
        org,
        master.id,
        `${name}-execution`,
        trust({ Service: 'lambda.amazonaws.com' }),
        allow('sts:AssumeRole'),
      );
      const { FunctionArn: arn = '' } = await org.client(LambdaClient, master.id).send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role: `arn:aws:iam::${master.id}:role/${name}-execution`,
          Runtime: 'nodejs22.x',
          Handler: 'index.handler',
          Timeout: 10,
          MemorySize: 256,
          Code: { ZipFile: options[name] },
        }),
      );
      return arn;
    }),
  );
  for (const { id } of members) await member(org, id);
  await org.client(LambdaClient, master.id).send(
    new AddPermissionCommand({
      FunctionName: 'remediate',
      StatementId: 'organization',
      Action: 'lambda:InvokeFunction',
      Principal: '*',
      PrincipalOrgID: org.organization.id,
    }),
  );
  await document(org, remediateArn);
  await org.client(ConfigServiceClient, master.id).send(
    new PutOrganizationConformancePackCommand({
      OrganizationConformancePackName: 'story',
      TemplateBody: pack(master.id),
      ConformancePackInputParameters: [{ ParameterName: 'MasterAccountId', ParameterValue: master.id }],
      ExcludedAccounts: [master.id],
    }),
  );
  return { evaluateArn, remediateArn };
};

/** Creates a role with one policy. */
export const role = async (
  org: LocalOrg,
  accountId: string,
  RoleName: string,
  AssumeRolePolicyDocument: string,
  PolicyDocument: string,
) => {
  const iam = org.client(IAMClient, accountId);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: RoleName, PolicyDocument }));
};

const member = async (org: LocalOrg, id: string): Promise<void> => {
  const { master } = org.organization;
  const execution = (name: string) => trust({ AWS: `arn:aws:iam::${master.id}:role/${name}-execution` });
  await role(
    org,
    id,
    'evaluate',
    execution('evaluate'),
    allow(['config:PutEvaluations', 'config:GetResourceConfigHistory']),
  );
  await role(org, id, 'remediate', execution('remediate'), allow('s3:PutBucketVersioning'));
  const fromAutomation = {
    StringEquals: { 'aws:SourceAccount': id },
    ArnLike: { 'aws:SourceArn': `arn:aws:ssm:*:${id}:automation-execution/*` },
  };
  await role(
    org,
    id,
    'automation',
    trust({ Service: 'ssm.amazonaws.com' }, fromAutomation),
    allow('lambda:InvokeFunction'),
  );
  await allowConfig(org, id);
};

/** Allows AWS Config of this account to invoke the evaluate function. */
export const allowConfig = async (org: LocalOrg, id: string): Promise<void> => {
  await org.client(LambdaClient, org.organization.master.id).send(
    new AddPermissionCommand({
      FunctionName: 'evaluate',
      StatementId: `config-${id}`,
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
      SourceAccount: id,
    }),
  );
};

const document = async (org: LocalOrg, remediateArn: string): Promise<void> => {
  const ssm = org.client(SSMClient, org.organization.master.id);
  const content = {
    schemaVersion: '0.3',
    assumeRole: 'arn:{{global:AWS_PARTITION}}:iam::{{global:ACCOUNT_ID}}:role/automation',
    parameters: {
      ResourceId: { type: 'String', allowedPattern: '^[a-z0-9.-]+$' },
      AutomationAssumeRole: { type: 'String', default: '' },
    },
    mainSteps: [
      {
        name: 'Remediate',
        action: 'aws:invokeLambdaFunction',
        inputs: {
          FunctionName: remediateArn,
          InputPayload: { accountId: '{{global:ACCOUNT_ID}}', resourceId: '{{ResourceId}}' },
        },
      },
    ],
    outputs: ['Remediate.Payload'],
  };
  await ssm.send(
    new CreateDocumentCommand({
      Name: 'story-remediation',
      DocumentType: 'Automation',
      DocumentFormat: 'JSON',
      Content: JSON.stringify(content),
    }),
  );
  await ssm.send(
    new ModifyDocumentPermissionCommand({
      Name: 'story-remediation',
      PermissionType: 'Share',
      AccountIdsToAdd: org.organization.members.map(({ id }) => id),
    }),
  );
};

const pack = (masterId: string): string => `
Parameters:
  MasterAccountId: { Type: String }
Resources:
  Versioning:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: bucket-versioning
      Scope: { ComplianceResourceTypes: ['AWS::S3::Bucket'] }
      InputParameters: { Command: VERSIONING }
      Source:
        Owner: CUSTOM_LAMBDA
        SourceIdentifier: !Sub 'arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${MasterAccountId}:function:evaluate'
        SourceDetails:
          - { EventSource: aws.config, MessageType: ConfigurationItemChangeNotification }
          - { EventSource: aws.config, MessageType: OversizedConfigurationItemChangeNotification }
  VersioningRemediation:
    Type: AWS::Config::RemediationConfiguration
    DependsOn: Versioning
    Properties:
      ConfigRuleName: bucket-versioning
      TargetType: SSM_DOCUMENT
      TargetId: !Sub 'arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${MasterAccountId}:document/story-remediation'
      Automatic: true
      MaximumAutomaticAttempts: 2
      RetryAttemptSeconds: 300
      Parameters:
        ResourceId: { ResourceValue: { Value: RESOURCE_ID } }
        AutomationAssumeRole: { StaticValue: { Values: ['arn:aws:iam::${masterId}:role/automation'] } }
`;
