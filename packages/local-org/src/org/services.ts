import { LambdaClient } from '@aws-sdk/client-lambda';

import type { OrgEvents } from '../base/org-event.ts';
import type { Organization } from '../base/organization.ts';
import type { Work } from '../base/work.ts';
import { type ConfigService, createConfigService } from '../config/config-service.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import { createEventBridge, type EventBridge } from '../events/event-bridge.ts';
import { createEventHistory } from '../events/event-history.ts';
import type { Gateway, GatewayOptions } from '../gateway/start-gateway.ts';
import { possibleChanges } from '../items/changes.ts';
import { createCodeStore } from '../lambda/code-store.ts';
import { createFunctionConfigurations } from '../lambda/function-configurations.ts';
import { functionTarget } from '../lambda/function-name.ts';
import { createFunctions } from '../lambda/functions.ts';
import { createInvokeHandler } from '../lambda/invoke-handler.ts';
import { type Call, operationName, type RawReply } from '../protocol/call.ts';
import { createAutomationHandlers } from '../ssm/automation-handlers.ts';
import { createDocuments, type Documents } from '../ssm/documents.ts';
import { createExecutions, type Executions } from '../ssm/executions.ts';
import { createStepActions } from '../ssm/step-actions.ts';
import { organizationHandlers } from './organization-handlers.ts';
import { createSigningKeys } from './signing-keys.ts';

export interface ServicesContext {
  readonly organization: Organization;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly clients: EmulatorClients;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly work: Work;
  readonly events: OrgEvents;
  readonly maxWorkers: number;
  /** Forwards a call to the emulator. */
  readonly forward: (call: Call) => Promise<RawReply>;
  /** The gateway, which starts after the services and before the first call. */
  readonly gateway: () => Gateway;
}

/** Creates the AWS services that the emulator lacks: Lambda, SSM Automation, EventBridge, CloudTrail, AWS Config. */
export const createServices = (context: ServicesContext) => {
  const { clients, now, gateway } = context;
  const code = createCodeStore(clients);
  const documents = createDocuments(clients);
  const configurations = createFunctionConfigurations(clients);
  const eventHistory = createEventHistory(now);
  const functions = createFunctions({
    ...context,
    code,
    configurations,
    endpointUrl: () => gateway().url,
    assumeRole: async (roleArn, sessionName) =>
      gateway().assumeAsService(roleArn, 'lambda.amazonaws.com', { sessionName }),
  });
  const invokeFunction = async (functionArn: string, payload: unknown): Promise<string | undefined> =>
    functions.invokeAsynchronously(
      functionTarget(functionArn, {
        accountId: context.organization.master.id,
        region: context.homeRegion,
      }),
      JSON.stringify(payload),
    );
  const executions = createAutomation(context, documents);
  const eventBridge = createEventBridge({
    ...context,
    authorizeService: async (permission, service) => gateway().authorizeService(permission, service),
  });
  const config = createConfig(context, { executions, eventBridge, invokeFunction });
  return {
    code,
    documents,
    configurations,
    eventHistory,
    functions,
    invokeFunction,
    executions,
    eventBridge,
    config,
  };
};

export type Services = ReturnType<typeof createServices>;

const createAutomation = (context: ServicesContext, documents: Documents) =>
  createExecutions({
    ...context,
    documents,
    perform: createStepActions({
      sleep: context.sleep,
      assumeRole: async (roleArn, { accountId, executionArn }) =>
        context.gateway().assumeAsService(roleArn, 'ssm.amazonaws.com', {
          sourceAccount: accountId,
          sourceArn: executionArn,
          sessionName: `Automation-${executionArn.split('/').at(-1) ?? ''}`,
        }),
      lambdaClient: (credentials, { region }) =>
        new LambdaClient({ region, credentials, endpoint: context.gateway().url, maxAttempts: 1 }),
    }),
  });

const createConfig = (
  context: ServicesContext,
  {
    executions,
    eventBridge,
    invokeFunction,
  }: {
    readonly executions: Executions;
    readonly eventBridge: EventBridge;
    readonly invokeFunction: (functionArn: string, payload: unknown) => Promise<string | undefined>;
  },
): ConfigService =>
  createConfigService({
    ...context,
    masterAccountId: context.organization.master.id,
    accountIds: context.organization.activeIds,
    putEvent: eventBridge.put,
    invokeFunction,
    authorizeInvoke: async ({ functionArn, place, arn }) => {
      await context.gateway().authorizeInvoke(functionArn, {
        service: 'config.amazonaws.com',
        sourceAccount: place.accountId,
        sourceArn: arn,
      });
    },
    runAutomation: async (place, document, parameters, onStarted) => {
      const { execution, ended } = await executions.start(place, {
        documentName: document.name,
        documentVersion: document.version,
        parameters,
        startedBy: `arn:aws:sts::${place.accountId}:assumed-role/AWSServiceRoleForConfigRemediation/AwsConfigRemediation`,
      });
      onStarted(execution.id);
      return ended;
    },
  });

/** The operations that the services answer in place of the emulator. */
export const serviceHandlers = (
  { config, executions, eventHistory, functions }: Services,
  { organization, regions, now, events, work, forward }: ServicesContext,
): NonNullable<GatewayOptions['handlers']> => ({
  ...config.handlers,
  ...createAutomationHandlers(executions),
  ...eventHistory.handlers,
  ...createSigningKeys({ forward, now }),
  ...organizationHandlers(organization, {
    now,
    regions,
    onJoined: (account) => {
      events.emit({ type: 'AccountJoined', account });
      config.organizationPacks.deployToAccount(account.id);
    },
    onLeft: ({ id }) => config.organizationPacks.removeFromAccount(id),
  }),
  'lambda:Invoke': createInvokeHandler(functions, work),
});

/** Passes a completed call to the services whose state it may change. */
export const observeCall = async (services: Services, call: Call, reply: RawReply): Promise<void> => {
  const { code, eventHistory, documents, eventBridge, configurations, config } = services;
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
      config.organizationPacks.deployToAccount(call.accountId, call.region);
    }
  }
  for (const change of possibleChanges(call, reply))
    config.recording.schedule({ accountId: call.accountId, region: change.region ?? call.region }, change);
};
