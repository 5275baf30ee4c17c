import { partitionOf } from '@compliance/core';

import type { Place } from '../base/place.ts';

/** The ARN of a stage of API Gateway, which is its id. It has no account. */
export const stageArn = (
  { region }: Pick<Place, 'region'>,
  apis: 'restapis' | 'apis',
  apiId: string,
  stage: string,
) => `arn:${partitionOf(region)}:apigateway:${region}::/${apis}/${apiId}/stages/${stage}`;

/** The API and the stage that an ARN names. */
export const stageOf = (arn: string): { readonly apiId: string; readonly stageName: string } => {
  const [, , apiId = '', , ...stage] = arn.split('/');
  return { apiId, stageName: stage.join('/') };
};
