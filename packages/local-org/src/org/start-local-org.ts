import { setTimeout as delay } from 'node:timers/promises';

import { LambdaClient } from '@aws-sdk/client-lambda';

import { createConfigService } from '../config/config-service.ts';
import { startEmulator } from '../emulator/start-emulator.ts';
import { createEmulatorClients } from '../emulator/clients.ts';
import { createEventHistory } from '../events/event-history.ts';
import { createEventBridge } from '../events/event-bridge.ts';
import { type Call, operationName, type RawReply } from '../protocol/call.ts';
import type { Credentials } from '../iam/credentials.ts';
import type { Fault } from '../gateway/dispatch.ts';
import { type Gateway, startGateway } from '../gateway/start-gateway.ts';
import { createUpstream } from '../emulator/upstream.ts';
import { possibleChanges } from '../items/changes.ts';
import { createCodeStore } from '../lambda/code-store.ts';
import { createFunctionConfigurations } from '../lambda/function-configurations.ts';
import { functionTarget } from '../lambda/function-name.ts';
import { createFunctions } from '../lambda/functions.ts';
import { createInvokeHandler } from '../lambda/invoke-handler.ts';
import { createKillSwitch } from '../lambda/kill-switch.ts';
import type { LocalOrg } from './local-org.ts';
import { createOrganization } from '../base/organization.ts';
import { organizationHandlers } from './organization-handlers.ts';
import { createOrgEvents } from '../base/org-event.ts';
import { createOnDemand } from './on-demand.ts';
import { createAutomationHandlers } from '../ssm/automation-handlers.ts';
import { createDocuments } from '../ssm/documents.ts';
import { createExecutions } from '../ssm/executions.ts';
import { createStepActions } from '../ssm/step-actions.ts';
import { startRecorder } from './start-recorder.ts';
import { createWork } from '../base/work.ts';

export interface LocalOrgOptions {
  /** Where IAM is recorded. */
  readonly homeRegion: string;
  /** All Regions with a recorder; by default the home Region alone. */
  readonly regions?: readonly string[];
  readonly members: readonly { readonly name: string }[];
  /** What time it is for AWS Config, SSM and credentials; a stopped clock is fine. */
  readonly clock?: () => Date;
  /** How much faster than AWS the long waits pass: a minute between two attempts takes 60 ms by default. */
  readonly speed?: number;
  /** Processes of one function side by side. */
  readonly workersPerFunction?: number;
  /** See the emulator: costs seconds and memory. */
  readonly managedPolicies?: boolean;
}

/** Starts an emulated organization; every account has a running AWS Config recorder in every Region. */
export const startLocalOrg = async (options: LocalOrgOptions): Promise<LocalOrg> => {
  const { homeRegion, regions = [homeRegion], clock: now = () => new Date(), speed = 1000 } = options;
  const organization = createOrganization(options.members.map(({ name }) => name));
  const emulator = await startEmulator({ managedPolicies: options.managedPolicies ?? false });
  const clients = createEmulatorClients(emulator.url);
  const upstream = createUpstream(emulator.url);
  const forward = async (call: Call): Promise<RawReply> => upstream.forward(call.request, call.accountId);
  const work = createWork();
  const events = createOrgEvents();
  const eventHistory = createEventHistory(now);
  const sleep = async (milliseconds: number): Promise<void> => {
    await delay(milliseconds / speed);
  };

  // The gateway needs the handlers, and they need the gateway: it is there before the first call comes.
  let gateway: Gateway | undefined;
  const theGateway = (): Gateway => {
    if (gateway === undefined) throw new Error('The gateway has not started yet.');
    return gateway;
  };

  const code = createCodeStore(clients);
  const documents = createDocuments(clients);
  const configurations = createFunctionConfigurations(clients);
  const functions = createFunctions({
    code,
    configurations,
    events,
    sleep,
    endpointUrl: () => theGateway().url,
    assumeRole: async (roleArn, sessionName) =>
      theGateway().assumeAsService(roleArn, 'lambda.amazonaws.com', { sessionName }),
    maxWorkers: options.workersPerFunction ?? 4,
  });
  const killSwitch = createKillSwitch(() => functions);
  const executions = createExecutions({
    now,
    work,
    events,
    documents,
    perform: createStepActions({
      sleep,
      assumeRole: async (roleArn, { accountId, executionArn }) =>
        theGateway().assumeAsService(roleArn, 'ssm.amazonaws.com', {
          sourceAccount: accountId,
          sourceArn: executionArn,
          sessionName: `Automation-${executionArn.split('/').at(-1) ?? ''}`,
        }),
      lambdaClient: (credentials, { region }) =>
        new LambdaClient({ region, credentials, endpoint: theGateway().url, maxAttempts: 1 }),
    }),
  });
  const invokeEvent = async (functionArn: string, payload: unknown): Promise<string | undefined> =>
    functions.invokeAsynchronously(
      functionTarget(functionArn, { accountId: organization.master.id, region: homeRegion }),
      JSON.stringify(payload),
    );
  const eventBridge = createEventBridge({
    clients,
    now,
    work,
    events,
    authorizeService: async (need, by) => theGateway().authorizeService(need, by),
  });
  const config = createConfigService({
    clients,
    regions,
    masterAccountId: organization.master.id,
    accountIds: organization.activeIds,
    now,
    work,
    events,
    forward,
    putEvent: eventBridge.put,
    invokeFunction: invokeEvent,
    authorizeInvoke: async ({ functionArn, place, arn }) => {
      await theGateway().authorizeInvoke(functionArn, {
        service: 'config.amazonaws.com',
        sourceAccount: place.accountId,
        sourceArn: arn,
      });
    },
    runAutomation: async (place, document, parameters, started) => {
      const { execution, ended } = await executions.start(place, {
        documentName: document.name,
        documentVersion: document.version,
        parameters,
        startedBy: `arn:aws:sts::${place.accountId}:assumed-role/AWSServiceRoleForConfigRemediation/AwsConfigRemediation`,
      });
      started(execution.id);
      return ended;
    },
  });

  const onCompleted = async (call: Call, reply: RawReply): Promise<void> => {
    await code.onCompleted(call, reply);
    eventHistory.onCompleted(call, reply);
    documents.onCompleted(call);
    eventBridge.onCompleted(call);
    const name = operationName(call);
    if (/^lambda:(?!Get|List|Invoke)/.test(name)) configurations.invalidate();
    if (/^config:(?:Put|Start|Stop|Delete)ConfigurationRecorder/.test(name)) {
      config.recorders.invalidate(call);
      if (name === 'config:StartConfigurationRecorder') {
        config.recording.discover(call);
        config.organizationPacks.offer(call.accountId, call.region);
      }
    }
    for (const change of possibleChanges(call, reply)) config.recording.schedule(call, change);
  };

  let fault: (call: Call) => Fault | undefined = () => undefined;
  gateway = await startGateway({
    upstream: emulator.url,
    organization: { id: organization.id, accountIds: organization.activeIds },
    now,
    onCompleted,
    fault: (call) => (killSwitch.kills(call) ? 'hang' : fault(call)),
    handlers: {
      ...config.handlers,
      ...createAutomationHandlers(executions),
      ...eventHistory.handlers,
      ...organizationHandlers(organization, {
        now,
        onJoined: (account) => {
          events.emit({ type: 'AccountJoined', account });
          config.organizationPacks.offer(account.id);
        },
        onLeft: ({ id }) => config.organizationPacks.withdraw(id),
      }),
      'lambda:Invoke': createInvokeHandler(functions, work),
    },
  });
  const { url, issueAdmin, calls, ageAccessKey, amendCredentialReport, stop: stopGateway } = gateway;
  const admins = new Map<string, Credentials>();
  const credentials: LocalOrg['credentials'] = (accountId) => {
    const admin = admins.get(accountId) ?? issueAdmin(accountId);
    admins.set(accountId, admin);
    return admin;
  };
  const client: LocalOrg['client'] = (clientClass, accountId, region = homeRegion) =>
    new clientClass({ region, endpoint: url, credentials: credentials(accountId) });

  const stop = async (): Promise<void> => {
    functions.stop();
    await stopGateway();
    await emulator.stop();
    code.stop();
  };
  try {
    await Promise.all(
      organization
        .activeIds()
        .flatMap((accountId) =>
          regions.map(async (region) => startRecorder(client, { accountId, region }, region === homeRegion)),
        ),
    );
    await work.whenIdle();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    endpointUrl: url,
    organization,
    homeRegion,
    regions,
    credentials,
    client,
    settled: work.whenIdle,
    on: events.on,
    ...createOnDemand({ config, work, now, invokeEvent }),
    automations: executions.of,
    invocations: functions.invocations,
    failures: functions.failures,
    logs: functions.logs,
    calls,
    failEvaluations: config.failEvaluations,
    faults: (given) => {
      fault = given;
    },
    killBefore: killSwitch.arm,
    ageAccessKey,
    amendCredentialReport,
    stop,
  };
};
