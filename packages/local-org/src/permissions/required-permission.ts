import { partitionOf } from '../base/place.ts';
import { texts, type Call } from '../protocol/call.ts';

/** One IAM action on one resource that a caller must be allowed. */
export interface RequiredPermission {
  readonly action: string;
  /** An ARN, or `*` where the action has no resource type. */
  readonly resource: string;
  /** Condition keys of this action only, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Derives the required permissions of an operation from the parameters of the call. */
type PermissionsOfCall = (call: Call) => readonly RequiredPermission[];

/** Required permissions by operation, for one service. */
export type ServicePermissions = Readonly<Record<string, PermissionsOfCall>>;

/** The ARN of a regional resource in the caller's account; a value that is an ARN is returned as it is. */
export const regionalArn = (call: Call, service: string, prefix: string, value: string): string =>
  value.startsWith('arn:')
    ? value
    : `arn:${partitionOf(call.region)}:${service}:${call.region}:${call.accountId}:${prefix}${value}`;

/** Operations whose IAM action has the same name. White space separates them; each needs the action on `resources`. */
export const actionsOn = (
  resources: (call: Call) => readonly string[],
  operations: string,
): ServicePermissions =>
  Object.fromEntries(
    operations
      .trim()
      .split(/\s+/)
      .map((operation) => [
        operation,
        (call: Call) =>
          resources(call).map((resource) => ({ action: `${call.service}:${operation}`, resource })),
      ]),
  );

/** The permission of an operation whose IAM action has another name. */
export const actionNamed =
  (action: string, resources: (call: Call) => readonly string[]): PermissionsOfCall =>
  (call) =>
    resources(call).map((resource) => ({ action, resource }));

/** For actions without a resource type. */
export const anyResource = (): readonly string[] => ['*'];

/** The resource that a parameter names; without the parameter all of its type, so only a policy for all allows it. */
export const resourceInParameter =
  (name: string, service: string, prefix: string) =>
  (call: Call): readonly string[] => {
    const values = texts(call, name);
    return (values.length === 0 ? ['*'] : values).map((value) => regionalArn(call, service, prefix, value));
  };

/** The extra permission to pass a role to a service. */
export const passRole = (roleArn: string | undefined, service: string): readonly RequiredPermission[] =>
  roleArn === undefined
    ? []
    : [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:passedtoservice': service } }];
