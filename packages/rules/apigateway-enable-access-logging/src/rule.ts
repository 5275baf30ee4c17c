import {
  APIGatewayClient,
  GetStageCommand,
  GetStagesCommand,
  paginateGetRestApis,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
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

const TYPE = 'AWS::ApiGateway::Stage';
const APIS = 'arn:*:apigateway:*::/restapis';
const STAGES = `${APIS}/*/stages/*`;
const READS = [
  { action: 'apigateway:GET', resource: [APIS, `${APIS}/*/stages`, STAGES] },
  'logs:DescribeLogGroups',
];

export const rule = defineRule({
  command: 'APIGATEWAY_ENABLE_ACCESS_LOGGING',
  title: 'Stages of REST APIs write access logs',
  rationale: 'Without them nobody can tell who called an API, from where, and with what result.',
  severity: 'medium',
  resourceType: TYPE,
  // The service is the only filter that covers its stages.
  resource: { tagFilter: 'apigateway' },
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: { 'cis-7.0': ['4.10'] },
  equivalents: {
    // It asks for execution logs: its answer may differ.
    prowler: ['apigateway_restapi_logging_enabled'],
    custodian: ['rest-stage filter'],
  },
  partly: 'What the log says of a request. Execution logs, which APIGateway.1 of Security Hub asks for.',
  parameters: accessLogParameters('resourcePath'),
  needs: ['logGroupArn'],
  facts: AccessLog,
  permissions: {
    list: READS,
    get: READS,
    fix: [{ action: 'apigateway:PATCH', resource: STAGES }],
    undo: [{ action: 'apigateway:PATCH', resource: STAGES }],
  },

  observe: {
    item: (item) => recordedAccessLog(item),
    get: async ({ resourceId }, { session }) => {
      const { apiId: restApiId, stageName } = stageOf(resourceId);
      try {
        const { accessLogSettings } = await session
          .client(APIGatewayClient)
          .send(new GetStageCommand({ restApiId, stageName }));
        return {
          facts: await observeAccessLog(accessLogSettings?.destinationArn, session),
          identity: { resourceName: stageName },
        };
      } catch (error) {
        if (hasCode(error, 'NotFoundException')) return undefined;
        throw error;
      }
    },
    list: async function* ({ session }) {
      const client = session.client(APIGatewayClient);
      for await (const { items: apis = [] } of paginateGetRestApis({ client }, { limit: 500 }))
        for (const { id: apiId = '' } of apis) {
          const { item: stages = [] } = await client.send(new GetStagesCommand({ restApiId: apiId }));
          for (const { stageName = '', accessLogSettings } of stages)
            yield {
              resource: {
                resourceType: TYPE,
                resourceId: stageArn('restapis', { apiId, stageName }, session),
                resourceName: stageName,
              },
              facts: await observeAccessLogOnce(accessLogSettings?.destinationArn, session),
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
        terraform: 'aws_api_gateway_stage: access_log_settings { destination_arn, format }',
        cloudFormation: 'AWS::ApiGateway::Stage: AccessLogSetting: DestinationArn, Format',
      },
      step: (settings) => turnOn(resourceId, settings),
    }),

  undo: { operations: [operation(APIGatewayClient, UpdateStageCommand)] },
});

/** @see https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
const turnOn = (resourceId: string, settings: Settings) => {
  const { apiId: restApiId, stageName } = stageOf(resourceId);
  const patchOperations = Object.entries(settings).map(
    ([name, value]: [string, string]) =>
      ({ op: 'replace', path: `/accessLogSettings/${name}`, value }) as const,
  );
  return call(
    APIGatewayClient,
    UpdateStageCommand,
    { restApiId, stageName, patchOperations },
    {
      undo: undoCall(
        APIGatewayClient,
        UpdateStageCommand,
        { restApiId, stageName, patchOperations: [{ op: 'remove', path: '/accessLogSettings' }] },
        { alreadyDone: ['NotFoundException'] },
      ),
    },
  );
};
