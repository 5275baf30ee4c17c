import {
  ApiGatewayV2Client,
  DeleteAccessLogSettingsCommand,
  GetStageCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import {
  AccessLog,
  accessLogParameters,
  judgeAccessLog,
  observeAccessLog,
  observeAccessLogOnce,
  planAccessLog,
  recordedAccessLog,
  stageArn,
  stageOf,
  type Settings,
} from '@compliance/access-logging';
import { call, defineRule, hasCode, operation, undoCall } from '@compliance/core/rule';

import { fixGrants, READS, undoGrants } from './permissions.ts';
import { stagesOf } from './stages.ts';

const TYPE = 'AWS::ApiGatewayV2::Stage';

export const rule = defineRule({
  command: 'APIGATEWAYV2_ENABLE_ACCESS_LOGGING',
  title: 'Stages of HTTP and WebSocket APIs write access logs',
  rationale: 'Without them nobody can tell who called an API, from where, and with what result.',
  severity: 'medium',
  resourceType: TYPE,
  // The service is the only filter that covers its stages.
  resource: { tagFilter: 'apigateway' },
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: { 'cis-7.0': ['4.10'], 'aws-fsbp': ['APIGateway.9'] },
  equivalents: {
    config: ['API_GWV2_ACCESS_LOGS_ENABLED'],
    securityHub: ['APIGateway.9'],
    prowler: ['apigatewayv2_api_access_logging_enabled'],
  },
  partly: 'What the log says of a request.',
  parameters: accessLogParameters('routeKey'),
  needs: ['logGroupArn'],
  facts: AccessLog,
  permissions: { list: READS, get: READS, fix: fixGrants, undo: undoGrants },

  observe: {
    item: (item) => recordedAccessLog(item),
    get: async ({ resourceId }, { session }) => {
      const { apiId: ApiId, stageName: StageName } = stageOf(resourceId);
      try {
        const { AccessLogSettings } = await session
          .client(ApiGatewayV2Client)
          .send(new GetStageCommand({ ApiId, StageName }));
        return {
          facts: await observeAccessLog(AccessLogSettings?.DestinationArn, session),
          identity: { resourceName: StageName },
        };
      } catch (error) {
        if (hasCode(error, 'NotFoundException')) return undefined;
        throw error;
      }
    },
    list: async function* ({ session }) {
      for await (const { apiId, stage } of stagesOf(session)) {
        const { StageName: stageName = '', AccessLogSettings } = stage;
        yield {
          resource: {
            resourceType: TYPE,
            resourceId: stageArn('apis', { apiId, stageName }, session),
            resourceName: stageName,
          },
          facts: await observeAccessLogOnce(AccessLogSettings?.DestinationArn, session),
        };
      }
    },
  },

  judge: (facts) => judgeAccessLog(facts),

  fix: ({ resource: { resourceId }, facts, parameters }) =>
    planAccessLog({
      stage: resourceId.slice(resourceId.indexOf('/')),
      facts,
      parameters,
      inCode: {
        terraform: 'aws_apigatewayv2_stage: access_log_settings { destination_arn, format }',
        cloudFormation: 'AWS::ApiGatewayV2::Stage: AccessLogSettings: DestinationArn, Format',
      },
      step: (settings) => turnOn(resourceId, settings),
    }),

  undo: { operations: [operation(ApiGatewayV2Client, DeleteAccessLogSettingsCommand)] },
});

const turnOn = (resourceId: string, { destinationArn, format }: Settings) => {
  const { apiId: ApiId, stageName: StageName } = stageOf(resourceId);
  return call(
    ApiGatewayV2Client,
    UpdateStageCommand,
    { ApiId, StageName, AccessLogSettings: { DestinationArn: destinationArn, Format: format } },
    {
      undo: undoCall(
        ApiGatewayV2Client,
        DeleteAccessLogSettingsCommand,
        { ApiId, StageName },
        { alreadyDone: ['NotFoundException'] },
      ),
    },
  );
};
