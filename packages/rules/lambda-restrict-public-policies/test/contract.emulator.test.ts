import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-lambda';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const seed = async (policyOf: ((arn: string) => string) | undefined, admin: Session): Promise<Resource> => {
  const FunctionName = `resize-${admin.region}`;
  const client = admin.client(LambdaClient);
  const role = new CreateRoleCommand({ RoleName: `resize-${admin.region}`, AssumeRolePolicyDocument: TRUST });
  const { Role } = await admin.client(IAMClient).send(role);
  const { FunctionArn = '' } = await client.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: Role?.Arn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('not run') },
    }),
  );
  if (policyOf)
    await client.send(
      new PutResourcePolicyCommand({ ResourceArn: FunctionArn, Policy: policyOf(FunctionArn) }),
    );
  return { resourceType: 'AWS::Lambda::Function', resourceId: FunctionName };
};

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
});

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 'lambda:InvokeFunction',
  seed,
});

describeRuleContract(rule, {
  compliant,
  nonCompliant: {
    ...nonCompliant,
    'a policy for everybody alone': onlyForEverybody,
    'a permission for everybody': async (admin) => {
      const resource = await seed(undefined, admin);
      await admin.client(LambdaClient).send(
        new AddPermissionCommand({
          FunctionName: resource.resourceId,
          StatementId: 'open',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      );
      return resource;
    },
    'an alias and a version for everybody': async (admin) => {
      const resource = await seed(undefined, admin);
      const client = admin.client(LambdaClient);
      const { resourceId: FunctionName } = resource;
      const { FunctionArn = '' } = await client.send(new PublishVersionCommand({ FunctionName }));
      const { AliasArn = '' } = await client.send(
        new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: '1' }),
      );
      for (const ResourceArn of [FunctionArn, AliasArn]) {
        const statement = {
          Effect: 'Allow',
          Principal: '*',
          Action: 'lambda:InvokeFunction',
          Resource: ResourceArn,
        };
        const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
        await client.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
      }
      return resource;
    },
  },
  gone: { resourceType: 'AWS::Lambda::Function', resourceId: 'gone' },
});
