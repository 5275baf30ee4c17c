import {
  IAMClient,
  paginateGetAccountAuthorizationDetails,
  type ManagedPolicyDetail,
} from '@aws-sdk/client-iam';

import { camelCase, tagList, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

const policies = async ({ clients, place }: ReadContext): Promise<ManagedPolicyDetail[]> => {
  const pages = paginateGetAccountAuthorizationDetails(
    { client: clients(IAMClient, place) },
    { Filter: ['LocalManagedPolicy'] },
  );
  return (await Array.fromAsync(pages)).flatMap(({ Policies = [] }) => Policies);
};

/** The policies of an account; AWS Config records none of AWS. Their documents are URL-encoded. */
export const iamPolicy: ResourceKind = {
  resourceType: 'AWS::IAM::Policy',
  global: true,

  list: async (reader) => (await policies(reader)).flatMap(({ Arn: arn }) => arn ?? []),

  describe: async (reader, arn) => {
    const policy = (await policies(reader)).find((candidate) => candidate.Arn === arn);
    if (policy === undefined) return undefined;
    const tags = tagMap();
    return {
      resourceId: policy.PolicyId ?? '',
      resourceName: policy.PolicyName ?? '',
      ARN: arn,
      awsRegion: 'global',
      availabilityZone: 'Not Applicable',
      resourceCreationTime: policy.CreateDate?.toISOString() ?? null,
      tags,
      configuration: {
        policyName: policy.PolicyName,
        policyId: policy.PolicyId,
        arn,
        path: policy.Path,
        defaultVersionId: policy.DefaultVersionId,
        attachmentCount: policy.AttachmentCount ?? 0,
        permissionsBoundaryUsageCount: policy.PermissionsBoundaryUsageCount ?? 0,
        isAttachable: policy.IsAttachable,
        createDate: policy.CreateDate?.toISOString(),
        updateDate: policy.UpdateDate?.toISOString(),
        policyVersionList: camelCase(policy.PolicyVersionList ?? []),
        tags: tagList(tags),
      },
    };
  },
};
