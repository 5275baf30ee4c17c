import { apiGatewayStage } from './apigateway-stage.ts';
import { apiGatewayV2Stage } from './apigatewayv2-stage.ts';
import { cloudTrailTrail } from './cloudtrail-trail.ts';
import { instance } from './ec2-instance.ts';
import { networkAcl } from './ec2-network-acl.ts';
import { routeTable } from './ec2-route-table.ts';
import { flowLog, securityGroup, vpc } from './ec2.ts';
import { efsFileSystem } from './efs-file-system.ts';
import { iamPolicy } from './iam-policy.ts';
import { iamUser } from './iam-user.ts';
import { kmsKey } from './kms-key.ts';
import { loadBalancer } from './load-balancer.ts';
import { rdsCluster } from './rds-cluster.ts';
import { rdsInstance } from './rds-instance.ts';
import type { ResourceKind } from './resource-kind.ts';
import { s3Bucket } from './s3-bucket.ts';

/** The resource types that the local AWS Config records. */
export const supportedKinds: readonly ResourceKind[] = [
  s3Bucket,
  vpc,
  securityGroup,
  flowLog,
  instance,
  networkAcl,
  routeTable,
  iamUser,
  iamPolicy,
  cloudTrailTrail,
  loadBalancer,
  apiGatewayStage,
  apiGatewayV2Stage,
  rdsInstance,
  rdsCluster,
  efsFileSystem,
  kmsKey,
];

export const resourceKind = (resourceType: string): ResourceKind => {
  const kind = supportedKinds.find((candidate) => candidate.resourceType === resourceType);
  if (kind !== undefined) return kind;
  const known = supportedKinds.map((candidate) => candidate.resourceType).join(', ');
  throw new Error(`Not supported by the local AWS Config: recording ${resourceType}. It records ${known}.`);
};
