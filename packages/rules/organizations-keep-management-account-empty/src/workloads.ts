import { ConfigServiceClient, paginateSelectResourceConfig } from '@aws-sdk/client-config-service';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Reads, Session } from '@compliance/core/rule';
import { enabledRegions, recorderStatus } from '@compliance/enabled-regions';
import * as z from 'zod';

/** Types of resources that serve customers or hold their data. */
export const WORKLOAD_TYPES = [
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGatewayV2::Api',
  'AWS::AutoScaling::AutoScalingGroup',
  'AWS::DynamoDB::Table',
  'AWS::EC2::Instance',
  'AWS::ECS::Cluster',
  'AWS::EFS::FileSystem',
  'AWS::EKS::Cluster',
  'AWS::ElasticLoadBalancing::LoadBalancer',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
  'AWS::Lambda::Function',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::Redshift::Cluster',
  'AWS::SageMaker::NotebookInstance',
] as const;

const Workload = z.object({
  region: z.string(),
  resourceType: z.string(),
  resourceId: z.string(),
  /** `key=value`, sorted. */
  tags: z.array(z.string()),
});
export type Workload = z.infer<typeof Workload>;

export const ManagementAccount = z.object({
  /** The account that manages the organization; an account with another id is a member. */
  accountId: z.string(),
  /** Whether AWS Config records the home Region; otherwise nobody knows what is there. */
  isRecorded: z.boolean(),
  /** What AWS Config recorded in all Regions. */
  workloads: z.array(Workload),
});

/** Reads what AWS Config recorded, Region by Region, and nothing of a member account. */
export const readManagementAccount = async (
  session: Session,
  reads: Reads,
): Promise<z.infer<typeof ManagementAccount>> => {
  const { Organization } = await session
    .client(OrganizationsClient)
    .send(new DescribeOrganizationCommand({}));
  const accountId = Organization?.MasterAccountId ?? '';
  if (accountId !== session.accountId) return { accountId, isRecorded: false, workloads: [] };
  const regions = await enabledRegions(session, reads);
  const found = await Promise.all(
    regions.map(async (region) => ({ region, workloads: await workloadsIn(session.at(region), reads) })),
  );
  return {
    accountId,
    isRecorded: found.some(({ region, workloads }) => region === session.region && workloads !== undefined),
    workloads: found.flatMap(({ workloads }) => workloads ?? []),
  };
};

/** `undefined`: AWS Config records nothing in the Region. */
const workloadsIn = async (session: Session, reads: Reads): Promise<readonly Workload[] | undefined> => {
  const recorders = await recorderStatus(session, reads);
  if (!recorders.some(({ recording }) => recording === true)) return undefined;
  const client = session.client(ConfigServiceClient);
  const pages = await Array.fromAsync(paginateSelectResourceConfig({ client }, { Expression: QUERY }));
  return pages
    .flatMap(({ Results = [] }) => Results)
    .map((row) => Row.parse(JSON.parse(row)))
    .map(({ resourceType, resourceId, tags }) => ({
      region: session.region,
      resourceType,
      resourceId,
      tags: tags.map(({ key, value }) => `${key}=${value}`).toSorted(),
    }))
    .toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
};

const idOf = ({ resourceType, resourceId }: Workload) => `${resourceType} ${resourceId}`;

// https://docs.aws.amazon.com/config/latest/developerguide/query-components.html
const QUERY = `SELECT resourceId, resourceType, tags WHERE resourceType IN (${WORKLOAD_TYPES.map((type) => `'${type}'`).join(', ')})`;

const Row = z.object({
  resourceId: z.string(),
  resourceType: z.string(),
  tags: z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]),
});
