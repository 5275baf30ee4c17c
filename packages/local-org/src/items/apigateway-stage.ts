import {
  APIGatewayClient,
  GetRestApisCommand,
  GetStageCommand,
  GetStagesCommand,
} from '@aws-sdk/client-api-gateway';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCaseMembers } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';
import { stageArn, stageOf } from './stage-arn.ts';

const client = ({ clients, place }: ReadContext) => clients(APIGatewayClient, place);

/** Stages of REST APIs. */
export const apiGatewayStage: ResourceKind = {
  resourceType: 'AWS::ApiGateway::Stage',
  global: false,

  list: async (reader) => {
    const { items: apis = [] } = await client(reader).send(new GetRestApisCommand({}));
    const found = apis.map(async ({ id: apiId = '' }) => {
      const { item: stages = [] } = await client(reader).send(new GetStagesCommand({ restApiId: apiId }));
      return stages.map(({ stageName = '' }) => stageArn(reader.place, 'restapis', apiId, stageName));
    });
    return (await Promise.all(found)).flat();
  },

  describe: async (reader, arn) => {
    const { apiId: restApiId, stageName } = stageOf(arn);
    const found = await undefinedIfNotFound(
      client(reader).send(new GetStageCommand({ restApiId, stageName })),
      'NotFoundException',
    );
    if (found === undefined) return undefined;
    const { $metadata: _, tags = {}, ...configuration } = found;
    return {
      resourceId: arn,
      resourceName: stageName,
      ARN: arn,
      awsRegion: reader.place.region,
      availabilityZone: 'Not Applicable',
      resourceCreationTime: configuration.createdDate?.toISOString() ?? null,
      tags,
      configuration: camelCaseMembers(configuration),
    };
  },
};
