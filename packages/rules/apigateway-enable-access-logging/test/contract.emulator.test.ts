import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { stageArn, stageOf } from '@compliance/access-logging';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const GROUP = '/apis/access';

const logGroupArn = ({ region, accountId }: Session, name = GROUP) =>
  `arn:aws:logs:${region}:${accountId}:log-group:${name}`;

/** A stage with a description and execution logs, which writes its access log to the group, if one is named. */
const stage =
  (group?: string) =>
  async (admin: Session): Promise<Resource> => {
    await admin.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    const client = admin.client(APIGatewayClient);
    const { id: restApiId = '' } = await client.send(new CreateRestApiCommand({ name: 'orders' }));
    const deploymentId = await deployed(restApiId, admin);
    const stageName = 'prod';
    await client.send(
      new CreateStageCommand({ restApiId, stageName, deploymentId, description: 'for customers' }),
    );
    const set = (path: string, value: string) => ({ op: 'replace', path, value }) as const;
    await client.send(
      new UpdateStageCommand({
        restApiId,
        stageName,
        patchOperations: [
          set('/*/*/logging/loglevel', 'INFO'),
          ...(group === undefined
            ? []
            : [set('/accessLogSettings/destinationArn', logGroupArn(admin, group))]),
        ],
      }),
    );
    return {
      resourceType: 'AWS::ApiGateway::Stage',
      resourceId: stageArn('restapis', { apiId: restApiId, stageName }, admin),
    };
  };

const deployed = async (restApiId: string, admin: Session) => {
  const client = admin.client(APIGatewayClient);
  const { items: [root] = [] } = await client.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: root?.id, httpMethod: 'GET' };
  await client.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await client.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
  const { id } = await client.send(new CreateDeploymentCommand({ restApiId }));
  return id;
};

const read = ({ resourceId }: Resource, admin: Session) => {
  const { apiId: restApiId, stageName } = stageOf(resourceId);
  return admin.client(APIGatewayClient).send(new GetStageCommand({ restApiId, stageName }));
};

const item = async (resource: Resource, admin: Session) => {
  const { accessLogSettings, description, stageName = '' } = await read(resource, admin);
  return itemOf(resource, admin, {
    resourceName: stageName,
    arn: resource.resourceId,
    tags: [],
    configuration: { stageName, description, accessLogSettings: accessLogSettings ?? null },
  });
};

describeRuleContract(rule, {
  parameters: { logGroupArn: `arn:{partition}:logs:{region}:{accountId}:log-group:${GROUP}:*` },
  compliant: { 'a stage that writes to a log group': stage(GROUP) },
  nonCompliant: { 'a stage with execution logs alone': stage() },
  manual: { 'a stage that writes to a group that is gone': stage('/apis/deleted') },
  item,
  untouched: async (resource, admin) => {
    const { description, methodSettings, deploymentId } = await read(resource, admin);
    return { description, methodSettings, deploymentId };
  },
  gone: {
    resourceType: 'AWS::ApiGateway::Stage',
    resourceId: 'arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/prod',
  },
});
