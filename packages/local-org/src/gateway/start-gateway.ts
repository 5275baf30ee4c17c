import { createEmulatorClients } from '../emulator/clients.ts';
import { createUpstream } from '../emulator/upstream.ts';
import { createAssumeRole } from '../iam/assume-role.ts';
import { type Authorizer, createAuthorizer } from '../iam/authorize.ts';
import { createBuckets } from '../iam/buckets.ts';
import { createKeyRing, type Credentials } from '../iam/credentials.ts';
import { createEventPolicies } from '../iam/event-policies.ts';
import { createFunctionPolicies } from '../iam/function-policies.ts';
import type { OrganizationAccounts, ServicePrincipal } from '../iam/request-context.ts';
import { createRoles } from '../iam/roles.ts';
import { createTables } from '../iam/tables.ts';
import { stsHandlers } from '../iam/sts.ts';
import type { RequiredPermission } from '../permissions/required-permission.ts';
import type { Call, OperationName, RawReply } from '../protocol/call.ts';
import { createAccessKeyAges } from './access-key-ages.ts';
import { createCallLog, type CallLog } from './call-log.ts';
import { createCredentialReport, type ReportRow } from './credential-report.ts';
import { createDispatch, type Fault } from './dispatch.ts';
import { listen } from './listen.ts';
import { createWorkarounds } from './workarounds.ts';

/**
 * Answers a call in place of the emulator: a value for a JSON service, a `RawReply` for the others.
 * Throws `awsError(…)`.
 */
export type Handler = (call: Call) => Promise<unknown>;

export interface GatewayOptions {
  /** URL of the emulator. */
  readonly upstream: string;
  /** For `aws:PrincipalOrgID`; without it no account is in an organization. */
  readonly organization?: OrganizationAccounts;
  readonly handlers?: Readonly<Record<OperationName, Handler>>;
  /** Whether the emulator answers a call even if there is a handler; default: never. */
  readonly isForEmulator?: (call: Call) => boolean;
  /**
   * Receives every call of a known principal with its reply, denied and failed ones included; the reply waits for it.
   */
  readonly onCompleted?: (call: Call, reply: RawReply) => void | Promise<void>;
  /** Injects faults in tests. */
  readonly fault?: (call: Call) => Fault | undefined;
  readonly now?: () => Date;
}

export interface Gateway {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Credentials that may do everything in one account: for seeding. */
  readonly issueAdmin: (accountId: string) => Credentials;
  /**
   * The credentials of a service that assumes a role.
   * @throws {AwsError} AccessDenied when the role's trust policy does not allow the service.
   */
  readonly assumeAsService: (
    roleArn: string,
    service: string,
    source?: { readonly sourceAccount?: string; readonly sourceArn?: string; readonly sessionName?: string },
  ) => Promise<Credentials>;
  readonly authorizeInvoke: Authorizer['authorizeInvoke'];
  /**
   * Authorizes a service, by itself or as a role that it assumes.
   * @throws {AwsError} when the role does not trust it, or the policies of the role or the resource do not allow it.
   */
  readonly authorizeService: (
    permission: RequiredPermission,
    service: ServicePrincipal & { readonly roleArn?: string },
  ) => Promise<void>;
  readonly calls: CallLog;
  /** Sets the creation date of a key in ListAccessKeys and in the credential report. */
  readonly ageAccessKey: (accountId: string, accessKeyId: string, createdAt: Date) => void;
  /** Sets columns of a user's row in the credential report; '<root_account>' is root. */
  readonly amendCredentialReport: (accountId: string, user: string, columns: ReportRow) => void;
}

/** Starts the HTTP server that receives every AWS call of the local organization. */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { organization, now = () => new Date() } = options;
  const clients = createEmulatorClients(options.upstream);
  const keys = createKeyRing(now);
  const roles = createRoles(clients);
  const buckets = createBuckets();
  const functionPolicies = createFunctionPolicies(clients);
  const eventPolicies = createEventPolicies(clients);
  const tables = createTables(clients);
  const calls = createCallLog();
  const ages = createAccessKeyAges();
  const report = createCredentialReport({ clients, ages, now });
  const authorizer = createAuthorizer({
    functionPolicies,
    eventPolicies,
    roles,
    buckets,
    tables,
    organization,
  });
  const { evaluateIdentityPolicies } = authorizer;
  const assumeRole = createAssumeRole({ roles, keys, organization, evaluateIdentityPolicies });

  const dispatch = createDispatch({
    keys,
    now,
    authorize: authorizer.authorize,
    upstream: createUpstream(options.upstream),
    workarounds: createWorkarounds({ ages, report }),
    handlers: { ...stsHandlers(assumeRole, keys), ...options.handlers },
    isForEmulator: options.isForEmulator ?? (() => false),
    fault: options.fault,
    onCompleted: async (call, reply) => {
      for (const observer of [roles, functionPolicies, eventPolicies, buckets, tables, calls])
        observer.onCompleted(call, reply);
      await options.onCompleted?.(call, reply);
    },
  });

  return {
    ...(await listen(dispatch)),
    issueAdmin: (accountId) => {
      const arn = `arn:aws:iam::${accountId}:root`;
      return keys.issue({ type: 'admin', accountId, arn, userId: accountId });
    },
    assumeAsService: async (roleArn, service, { sessionName = service, ...source } = {}) =>
      (await assumeRole.byService(roleArn, { service, ...source }, sessionName)).credentials,
    authorizeInvoke: authorizer.authorizeInvoke,
    authorizeService: async (permission, { roleArn, ...service }) => {
      const principal =
        roleArn === undefined
          ? service
          : (await assumeRole.byService(roleArn, service, service.service)).principal;
      await authorizer.authorizePermission(permission, principal);
    },
    calls,
    ageAccessKey: ages.set,
    amendCredentialReport: report.amend,
  };
};
