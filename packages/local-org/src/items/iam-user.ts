import {
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, tagList, tagMap } from './camel-case.ts';
import type { ResourceKind } from './resource-kind.ts';

const inlinePolicies = async (iam: IAMClient, userName: string): Promise<unknown[]> => {
  const { PolicyNames: names = [] } = await iam.send(new ListUserPoliciesCommand({ UserName: userName }));
  return Promise.all(
    names.map(async (policyName) => {
      const { PolicyDocument: document = '' } = await iam.send(
        new GetUserPolicyCommand({ UserName: userName, PolicyName: policyName }),
      );
      // IAM's items have URL-encoded policy documents, like IAM's own replies.
      return {
        policyName,
        policyDocument: document.startsWith('{') ? encodeURIComponent(document) : document,
      };
    }),
  );
};

/** IAM users. Their items have no MFA devices, access keys or passwords: a rule about these must read IAM. */
export const iamUser: ResourceKind = {
  resourceType: 'AWS::IAM::User',
  global: true,
  namedWithin: 'account',

  list: async ({ clients, place }) => {
    const { Users: users = [] } = await clients(IAMClient, place).send(new ListUsersCommand({}));
    return users.flatMap(({ UserName: name }) => name ?? []);
  },

  describe: async ({ clients, place }, userName) => {
    const iam = clients(IAMClient, place);
    const answer = await undefinedIfNotFound(
      iam.send(new GetUserCommand({ UserName: userName })),
      'NoSuchEntityException',
      'NoSuchEntity',
    );
    const user = answer?.User;
    if (user === undefined) return undefined;
    const [groups, attached, userPolicyList] = await Promise.all([
      iam.send(new ListGroupsForUserCommand({ UserName: userName })),
      iam.send(new ListAttachedUserPoliciesCommand({ UserName: userName })),
      inlinePolicies(iam, userName),
    ]);
    const tags = tagMap(user.Tags);
    const groupList = (groups.Groups ?? []).flatMap(({ GroupName: name }) => name ?? []);
    return {
      resourceId: user.UserId ?? '',
      resourceName: userName,
      ARN: user.Arn ?? '',
      awsRegion: 'global',
      availabilityZone: 'Not Applicable',
      resourceCreationTime: user.CreateDate?.toISOString() ?? null,
      tags,
      configuration: {
        path: user.Path,
        userName,
        userId: user.UserId,
        arn: user.Arn,
        createDate: user.CreateDate?.toISOString(),
        userPolicyList,
        groupList,
        attachedManagedPolicies: camelCase(attached.AttachedPolicies ?? []),
        permissionsBoundary: camelCase(user.PermissionsBoundary ?? null),
        tags: tagList(tags),
      },
    };
  },
};
