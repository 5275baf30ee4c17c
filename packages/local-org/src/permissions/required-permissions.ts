import type { Call } from '../protocol/call.ts';
import { actionOf } from './action-names.ts';
import { passedRoles, type RolesOfProfile } from './passed-roles.ts';
import type { RequiredPermission } from './required-permission.ts';
import { resourcesOf } from './resource-arns.ts';
import { resourceTypesOf } from './service-authorization.ts';
import { specialPermissions } from './special-operations.ts';

/**
 * The permissions that a call requires: its action on each resource that it names, and the roles that it passes.
 * `undefined` for an action that AWS's service authorization reference does not have.
 */
export const requiredPermissions = async (
  call: Call,
  rolesOfProfile: RolesOfProfile,
): Promise<readonly RequiredPermission[] | undefined> => {
  const permissions = specialPermissions(call) ?? (await derivedPermissions(call));
  return permissions && [...permissions, ...(await passedRoles(call, rolesOfProfile))];
};

const derivedPermissions = async (call: Call): Promise<readonly RequiredPermission[] | undefined> => {
  const action = actionOf(call);
  const types = await resourceTypesOf(action);
  return types && resourcesOf(call, types).map((resource) => ({ action, resource }));
};
