import { setTimeout as delay } from 'node:timers/promises';

import { createOrgEvents } from '../base/org-event.ts';
import { createOrganization, type Organization } from '../base/organization.ts';
import { createWork } from '../base/work.ts';
import { createEmulatorClients } from '../emulator/clients.ts';
import { startEmulator } from '../emulator/start-emulator.ts';
import { createUpstream } from '../emulator/upstream.ts';
import type { Fault } from '../gateway/dispatch.ts';
import { type Gateway, startGateway } from '../gateway/start-gateway.ts';
import type { Credentials } from '../iam/credentials.ts';
import { createKillSwitch } from '../lambda/kill-switch.ts';
import type { Call } from '../protocol/call.ts';
import type { LocalOrg } from './local-org.ts';
import { createOnDemand } from './on-demand.ts';
import { createServices, observeCall, serviceHandlers, type ServicesContext } from './services.ts';
import { startRecorder } from './start-recorder.ts';

export interface LocalOrgOptions {
  /** The Region where IAM is recorded. */
  readonly homeRegion: string;
  /** All Regions with a recorder; default: only the home Region. */
  readonly regions?: readonly string[];
  readonly members: readonly { readonly name: string }[];
  /**
   * The name of the member that manages the organization; otherwise the master account does. The emulator answers what it
   * asks of Organizations, from an organization that is created there.
   */
  readonly management?: string;
  /** The time for AWS Config, SSM and credentials; it may stand still. */
  readonly clock?: () => Date;
  /** Divides the long waits of AWS; by default by 1000: a minute between two attempts takes 60 ms. */
  readonly speed?: number;
  /** Maximum of concurrent processes of one function. */
  readonly workersPerFunction?: number;
}

/** Starts an emulated organization; every account has a running AWS Config recorder in every Region. */
export const startLocalOrg = async (options: LocalOrgOptions): Promise<LocalOrg> => {
  const organization = createOrganization(
    options.members.map(({ name }) => name),
    options.management,
  );
  const emulator = await startEmulator();
  let gateway: Gateway | undefined;
  const context = createContext(options, organization, emulator.url, () => {
    if (gateway === undefined) throw new Error('The gateway has not started yet.');
    return gateway;
  });
  const services = createServices(context);
  const killSwitch = createKillSwitch(services.functions);
  let fault: (call: Call) => Fault | undefined = () => undefined;
  gateway = await startGateway({
    upstream: emulator.url,
    organization: { id: organization.id, accountIds: organization.activeIds },
    now: context.now,
    onCompleted: async (call, reply) => observeCall(services, call, reply),
    fault: (call) => (killSwitch.kills(call) ? 'hang' : fault(call)),
    handlers: serviceHandlers(services, context),
    isForEmulator: ({ service, accountId }) =>
      service === 'organizations' &&
      accountId === organization.management.id &&
      accountId !== organization.master.id,
  });
  const stopGateway = gateway.stop;
  const stop = async (): Promise<void> => {
    services.functions.stop();
    await stopGateway();
    await emulator.stop();
    services.code.stop();
  };

  const access = createAccess(gateway, context.homeRegion);
  try {
    await startRecorders(context, access.client);
  } catch (error) {
    await stop();
    throw error;
  }

  const { config, executions, functions, invokeFunction } = services;
  return {
    ...access,
    organization,
    homeRegion: context.homeRegion,
    regions: context.regions,
    whenIdle: context.work.whenIdle,
    on: context.events.on,
    ...createOnDemand({ ...context, config, invokeFunction }),
    automations: executions.of,
    invocations: functions.invocations,
    failures: functions.failures,
    logs: functions.logs,
    calls: gateway.calls,
    failEvaluations: config.failEvaluations,
    faults: (newFault) => {
      fault = newFault;
    },
    killBefore: killSwitch.arm,
    ageAccessKey: gateway.ageAccessKey,
    amendCredentialReport: gateway.amendCredentialReport,
    stop,
  };
};

const createContext = (
  options: LocalOrgOptions,
  organization: Organization,
  emulatorUrl: string,
  gateway: () => Gateway,
): ServicesContext => {
  const { homeRegion, regions = [homeRegion], clock: now = () => new Date(), speed = 1000 } = options;
  const upstream = createUpstream(emulatorUrl);
  return {
    organization,
    homeRegion,
    regions,
    clients: createEmulatorClients(emulatorUrl),
    now,
    sleep: async (milliseconds) => {
      await delay(milliseconds / speed);
    },
    work: createWork(),
    events: createOrgEvents(),
    maxWorkers: options.workersPerFunction ?? 4,
    forward: async (call) => upstream.forward(call.request, call.accountId),
    gateway,
  };
};

/** Credentials and clients of any account. */
const createAccess = (
  { url, issueAdmin }: Gateway,
  homeRegion: string,
): Pick<LocalOrg, 'endpointUrl' | 'credentials' | 'client'> => {
  const admins = new Map<string, Credentials>();
  const credentials: LocalOrg['credentials'] = (accountId) => {
    const admin = admins.get(accountId) ?? issueAdmin(accountId);
    admins.set(accountId, admin);
    return admin;
  };
  return {
    endpointUrl: url,
    credentials,
    client: (clientClass, accountId, region = homeRegion) =>
      new clientClass({ region, endpoint: url, credentials: credentials(accountId) }),
  };
};

const startRecorders = async (
  { organization, regions, homeRegion, work }: ServicesContext,
  client: LocalOrg['client'],
): Promise<void> => {
  await Promise.all(
    organization
      .activeIds()
      .flatMap((accountId) =>
        regions.map(async (region) => startRecorder(client, { accountId, region }, region === homeRegion)),
      ),
  );
  await work.whenIdle();
};
