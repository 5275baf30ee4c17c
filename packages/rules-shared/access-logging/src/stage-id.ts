import { permanent, type Session } from '@compliance/core/rule';

/** A stage by the names that API Gateway takes. */
interface Stage {
  readonly apiId: string;
  readonly stageName: string;
}

type Apis = 'restapis' | 'apis';

/**
 * The ARN of a stage, which is its id in AWS Config: names of stages are not unique.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
 */
export const stageArn = (
  apis: Apis,
  { apiId, stageName }: Stage,
  { partition, region }: Pick<Session, 'partition' | 'region'>,
): string => `arn:${partition}:apigateway:${region}::/${apis}/${apiId}/stages/${stageName}`;

/** @throws {ComplianceError} permanent `malformed-item` */
export const stageOf = (resourceId: string): Stage => {
  const [, apiId, stageName] =
    /^arn:[^:]+:apigateway:[^:]*::\/(?:rest)?apis\/([^/]+)\/stages\/(.+)$/.exec(resourceId) ?? [];
  if (apiId === undefined || stageName === undefined)
    throw permanent('malformed-item', `Malformed id of a stage: ${resourceId}. AWS Config's id is its ARN.`);
  return { apiId, stageName };
};
