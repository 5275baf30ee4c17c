import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand,
  GetStageCommand,
  type ProtocolType,
} from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { stageArn, stageOf } from '@compliance/access-logging';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const GROUP = '/apis/access';

interface Kind {
  readonly protocol?: ProtocolType;
  readonly stageName?: string;
  readonly group?: string;
}

const stage =
  ({ protocol = 'HTTP', stageName = '$default', group }: Kind = {}) =>
  async (admin: Session): Promise<Resource> => {
    await admin.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: GROUP }));
    const client = admin.client(ApiGatewayV2Client);
    const { ApiId: apiId = '' } = await client.send(
      new CreateApiCommand({
        Name: 'orders',
        ProtocolType: protocol,
        ...(protocol === 'WEBSOCKET' && { RouteSelectionExpression: '$request.body.action' }),
      }),
    );
    await client.send(
      new CreateStageCommand({
        ApiId: apiId,
        StageName: stageName,
        AutoDeploy: true,
        Description: 'for customers',
        DefaultRouteSettings: { LoggingLevel: 'INFO' },
        ...(group !== undefined && {
          AccessLogSettings: {
            DestinationArn: `arn:aws:logs:${admin.region}:${admin.accountId}:log-group:${group}`,
            Format: '$context.requestId',
          },
        }),
      }),
    );
    return {
      resourceType: 'AWS::ApiGatewayV2::Stage',
      resourceId: stageArn('apis', { apiId, stageName }, admin),
    };
  };

const read = ({ resourceId }: Resource, admin: Session) => {
  const { apiId: ApiId, stageName: StageName } = stageOf(resourceId);
  return admin.client(ApiGatewayV2Client).send(new GetStageCommand({ ApiId, StageName }));
};

const item = async (resource: Resource, admin: Session) => {
  const { StageName = '', AccessLogSettings: settings, AutoDeploy } = await read(resource, admin);
  return itemOf(resource, admin, {
    resourceName: StageName,
    arn: resource.resourceId,
    tags: [],
    configuration: {
      stageName: StageName,
      autoDeploy: AutoDeploy,
      accessLogSettings: settings && { destinationArn: settings.DestinationArn, format: settings.Format },
    },
  });
};

describeRuleContract(rule, {
  parameters: { logGroupArn: `arn:{partition}:logs:{region}:{accountId}:log-group:${GROUP}` },
  compliant: { 'a stage that writes to a log group': stage({ stageName: 'prod', group: GROUP }) },
  nonCompliant: {
    'the stage $default, which deploys by itself': stage(),
    'a stage of a WebSocket API with execution logs alone': stage({
      protocol: 'WEBSOCKET',
      stageName: 'prod',
    }),
  },
  manual: { 'a stage that writes to a group that is gone': stage({ group: '/apis/deleted' }) },
  item,
  untouched: async (resource, admin) => {
    const { Description, AutoDeploy, DefaultRouteSettings } = await read(resource, admin);
    return { Description, AutoDeploy, DefaultRouteSettings };
  },
  gone: {
    resourceType: 'AWS::ApiGatewayV2::Stage',
    resourceId: 'arn:aws:apigateway:eu-west-1::/apis/a1b2c3/stages/prod',
  },
});
