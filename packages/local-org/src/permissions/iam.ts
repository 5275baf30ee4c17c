import { partitionOf } from '../base/place.ts';
import { text, type Call } from '../protocol/call.ts';
import { anyResource, actionsOn, type ServicePermissions } from './required-permission.ts';

// The path of a user or role is not in the call: the ARN has only the name.
const entity =
  (kind: 'user' | 'role' | 'group', name: string) =>
  (call: Call): readonly string[] => [
    `arn:${partitionOf(call.region)}:iam::${call.accountId}:${kind}/${text(call, name) ?? '*'}`,
  ];
const user = entity('user', 'UserName');
const role = entity('role', 'RoleName');
const group = entity('group', 'GroupName');
const policy = (call: Call): readonly string[] => [text(call, 'PolicyArn') ?? '*'];

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html */
export const iamPermissions: ServicePermissions = {
  ...actionsOn(
    anyResource,
    `
    GetAccountPasswordPolicy UpdateAccountPasswordPolicy DeleteAccountPasswordPolicy
    GetAccountSummary GenerateCredentialReport GetCredentialReport
    GetAccountAuthorizationDetails ListAccountAliases ListUsers ListRoles ListGroups
    ListPolicies ListVirtualMFADevices ListServerCertificates
  `,
  ),
  ...actionsOn(
    user,
    `
    GetUser ListUserTags ListAccessKeys CreateAccessKey UpdateAccessKey DeleteAccessKey
    GetAccessKeyLastUsed GetLoginProfile CreateLoginProfile UpdateLoginProfile
    DeleteLoginProfile ListMFADevices ListGroupsForUser ListUserPolicies GetUserPolicy
    PutUserPolicy DeleteUserPolicy ListAttachedUserPolicies AttachUserPolicy DetachUserPolicy
    ListSigningCertificates ListSSHPublicKeys ListServiceSpecificCredentials
  `,
  ),
  ...actionsOn(
    role,
    `
    GetRole ListRoleTags ListRolePolicies GetRolePolicy ListAttachedRolePolicies CreateRole
    DeleteRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy
    UpdateAssumeRolePolicy
  `,
  ),
  ...actionsOn(
    group,
    `
    GetGroup ListGroupPolicies GetGroupPolicy ListAttachedGroupPolicies AddUserToGroup
    RemoveUserFromGroup
  `,
  ),
  ...actionsOn(
    policy,
    `
    GetPolicy GetPolicyVersion ListPolicyVersions ListEntitiesForPolicy CreatePolicyVersion
    DeletePolicyVersion
  `,
  ),
};
