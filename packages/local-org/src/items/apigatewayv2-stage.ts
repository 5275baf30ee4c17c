import {
  ApiGatewayV2Client,
  GetApisCommand,
  GetStageCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCaseMembers } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';
import { stageArn, stageOf } from './stage-arn.ts';

const client = ({ clients, place }: ReadContext) => clients(ApiGatewayV2Client, place);

/** Stages of HTTP and WebSocket APIs. */
export const apiGatewayV2Stage: ResourceKind = {
  resourceType: 'AWS::ApiGatewayV2::Stage',
  global: false,

  list: async (reader) => {
    const { Items: apis = [] } = await client(reader).send(new GetApisCommand({}));
    const found = apis.map(async ({ ApiId: apiId = '' }) => {
      const { Items: stages = [] } = await client(reader).send(new GetStagesCommand({ ApiId: apiId }));
      return stages.map(({ StageName = '' }) => stageArn(reader.place, 'apis', apiId, StageName));
    });
    return (await Promise.all(found)).flat();
  },

  describe: async (reader, arn) => {
    const { apiId: ApiId, stageName: StageName } = stageOf(arn);
    const found = await undefinedIfNotFound(
      client(reader).send(new GetStageCommand({ ApiId, StageName })),
      'NotFoundException',
    );
    if (found === undefined) return undefined;
    const { $metadata: _, Tags: tags = {}, ...configuration } = found;
    return {
      resourceId: arn,
      resourceName: StageName,
      ARN: arn,
      awsRegion: reader.place.region,
      availabilityZone: 'Not Applicable',
      resourceCreationTime: configuration.CreatedDate?.toISOString() ?? null,
      tags,
      configuration: camelCaseMembers(configuration),
    };
  },
};
