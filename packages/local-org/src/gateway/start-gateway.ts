import { once } from 'node:events';
import http from 'node:http';
import { createEmulatorClients } from '../emulator/clients.ts';
import { createAccessKeyAges } from './access-key-ages.ts';
import { createAssumeRole } from '../iam/assume-role.ts';
import { createAuthorizer } from '../iam/authorize.ts';
import { createBuckets } from '../iam/buckets.ts';
import { createCallLog, type CallLog } from './call-log.ts';
import type { Call, OperationName, Principal, RawReply } from '../protocol/call.ts';
import { createCredentialReport, type ReportRow } from './credential-report.ts';
import { createKeyRing, type Credentials } from '../iam/credentials.ts';
import { createDispatch, type Fault } from './dispatch.ts';
import { createEventPolicies } from '../iam/event-policies.ts';
import { createFunctionPolicies } from '../iam/function-policies.ts';
import { createWorkarounds } from './workarounds.ts';
import { readRequest, sendReply } from './http-messages.ts';
import type { RequiredPermission } from '../permissions/required-permission.ts';
import type { OrganizationAccounts, ServicePrincipal } from '../iam/request-context.ts';
import { createRoles } from '../iam/roles.ts';
import { stsHandlers } from '../iam/sts.ts';
import { createUpstream } from '../emulator/upstream.ts';

/** Answers a call in place of the emulator: a value for a JSON service, a `RawReply` for the others. Throws `awsError(…)`. */
export type Handler = (call: Call) => Promise<unknown>;

export interface GatewayOptions {
  /** Address of the emulator. */
  readonly upstream: string;
  /** For `aws:PrincipalOrgID`; without it no account is in an organization. */
  readonly organization?: OrganizationAccounts;
  readonly handlers?: Readonly<Record<OperationName, Handler>>;
  /** Told of every call of a known caller with its reply, refusals and errors included; the reply waits for it. */
  readonly onCompleted?: (call: Call, reply: RawReply) => void | Promise<void>;
  /** Spoils calls in tests. */
  readonly fault?: (call: Call) => Fault | undefined;
  readonly now?: () => Date;
}

export interface Gateway {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Credentials that may do everything in one account: for seeding. */
  readonly issueAdmin: (accountId: string) => Credentials;
  /**
   * The credentials a service gets when it takes a role on.
   * @throws {AwsError} AccessDenied when the role's trust policy does not admit the service.
   */
  readonly assumeAsService: (
    roleArn: string,
    service: string,
    source?: { readonly sourceAccount?: string; readonly sourceArn?: string; readonly sessionName?: string },
  ) => Promise<Credentials>;
  /** @throws {AwsError} AccessDeniedException when the function's resource policy (for a principal of its account: its own policies) does not allow it. */
  readonly authorizeInvoke: (functionArn: string, by: ServicePrincipal | Principal) => Promise<void>;
  /**
   * May a service do this, by itself or as a role that it takes on?
   * @throws {AwsError} when the role does not trust it, or the role's or the resource's policies do not allow it.
   */
  readonly authorizeService: (
    need: RequiredPermission,
    by: ServicePrincipal & { readonly roleArn?: string },
  ) => Promise<void>;
  readonly calls: CallLog;
  /** From now on the key was created then, in ListAccessKeys and in the credential report. */
  readonly ageAccessKey: (accountId: string, accessKeyId: string, createdAt: Date) => void;
  /** Columns of a user's row of the credential report that the emulator cannot hold; '<root_account>' is root. */
  readonly amendCredentialReport: (accountId: string, user: string, columns: ReportRow) => void;
}

/** Starts the one door through which every AWS call of the local organization goes. */
export const startGateway = async (options: GatewayOptions): Promise<Gateway> => {
  const { upstream: emulatorUrl, organization, now = () => new Date() } = options;
  const clients = createEmulatorClients(emulatorUrl);
  const keys = createKeyRing(now);
  const roles = createRoles(clients);
  const buckets = createBuckets();
  const functionPolicies = createFunctionPolicies(clients);
  const eventPolicies = createEventPolicies(clients);
  const calls = createCallLog();
  const ages = createAccessKeyAges();
  const report = createCredentialReport({ clients, ages, now });
  const authorizer = createAuthorizer({ functionPolicies, eventPolicies, roles, buckets, organization });
  const assumeRole = createAssumeRole({
    roles,
    keys,
    organization,
    judgeIdentity: authorizer.evaluateIdentityPolicies,
  });

  const dispatch = createDispatch({
    keys,
    now,
    authorize: authorizer.authorize,
    upstream: createUpstream(emulatorUrl),
    workarounds: createWorkarounds({ buckets, ages, report }),
    handlers: { ...stsHandlers(assumeRole, keys), ...options.handlers },
    fault: options.fault,
    onCompleted: async (call, reply) => {
      roles.onCompleted(call);
      functionPolicies.onCompleted(call);
      eventPolicies.onCompleted(call);
      buckets.onCompleted(call, reply);
      calls.onCompleted(call, reply);
      await options.onCompleted?.(call, reply);
    },
  });

  const server = http.createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then(dispatch)
      .then((reply) => sendReply(outgoing, reply))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gateway has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
    issueAdmin: (accountId) => {
      const arn = `arn:aws:iam::${accountId}:root`;
      return keys.issue({ type: 'admin', accountId, arn, userId: accountId });
    },
    assumeAsService: async (roleArn, service, { sessionName = service, ...source } = {}) =>
      (await assumeRole.byService(roleArn, { service, ...source }, sessionName)).credentials,
    authorizeInvoke: authorizer.authorizeInvoke,
    authorizeService: async (need, { roleArn, ...by }) => {
      const as = roleArn === undefined ? by : (await assumeRole.byService(roleArn, by, by.service)).principal;
      await authorizer.authorizePermission(need, as);
    },
    calls,
    ageAccessKey: ages.set,
    amendCredentialReport: report.amend,
  };
};
