import { partitionOf } from '../base/place.ts';
import { texts, type Call } from '../protocol/call.ts';

/** One IAM action on one resource: what the caller must be allowed. */
export interface RequiredPermission {
  readonly action: string;
  /** An ARN, or `*` where AWS knows no resource for the action. */
  readonly resource: string;
  /** Condition keys of this action only, as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The needs of an operation, from the parameters of the call. */
export type PermissionsOfCall = (call: Call) => readonly RequiredPermission[];

/** Operation → needs, for one service. */
export type ServicePermissions = Readonly<Record<string, PermissionsOfCall>>;

/** The ARN of something regional in the caller's account; a value that is an ARN already stays as it is. */
export const regionalArn = (call: Call, service: string, prefix: string, value: string): string =>
  value.startsWith('arn:')
    ? value
    : `arn:${partitionOf(call.region)}:${service}:${call.region}:${call.accountId}:${prefix}${value}`;

/** The operations (separated by white space) whose IAM action has their name, each on what `resources` finds in the call. */
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

/** An operation whose IAM action is called differently. */
export const actionNamed =
  (action: string, resources: (call: Call) => readonly string[]): PermissionsOfCall =>
  (call) =>
    resources(call).map((resource) => ({ action, resource }));

/** AWS knows no resource type for the action. */
export const anyResource = (): readonly string[] => ['*'];

/** The resource that a parameter names; without the parameter any of its kind, so that only a policy for all of them fits. */
export const resourceInParameter =
  (name: string, service: string, prefix: string) =>
  (call: Call): readonly string[] => {
    const values = texts(call, name);
    return (values.length === 0 ? ['*'] : values).map((value) => regionalArn(call, service, prefix, value));
  };

/** Handing a role to a service is an action of its own. */
export const passRole = (roleArn: string | undefined, service: string): readonly RequiredPermission[] =>
  roleArn === undefined
    ? []
    : [{ action: 'iam:PassRole', resource: roleArn, context: { 'iam:passedtoservice': service } }];
