import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import type { OrgEvents } from '../base/org-event.ts';
import type { Place } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { Work } from '../base/work.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { EventBridge } from '../events/event-bridge.ts';
import type { Handler } from '../gateway/start-gateway.ts';
import { createAdvancedQueries } from '../items/advanced-queries.ts';
import { createHistory, type History } from '../items/history.ts';
import { createItemQueries } from '../items/item-queries.ts';
import { createRecorders, type Recorders } from '../items/recorder.ts';
import { createRecording, type Recording } from '../items/recording.ts';
import { AwsError, awsError } from '../protocol/aws-error.ts';
import type { Call, RawReply } from '../protocol/call.ts';
import { complianceChange } from './compliance-change.ts';
import { createComplianceQueries } from './compliance-queries.ts';
import { createOrganizationPacks } from './organization-packs.ts';
import { packHandlers } from './pack-handlers.ts';
import { createPacks, type TemplateSource } from './packs.ts';
import { type AcceptedEvaluation, createPutEvaluations, type Evaluation } from './put-evaluations.ts';
import { createRemediationHandlers } from './remediation-handlers.ts';
import { createRemediation, type Remediation, type RemediationDependencies } from './remediation.ts';
import { createResultTokens } from './result-tokens.ts';
import { createRuleInvoker, type RuleInvoker } from './rule-invoker.ts';
import { createRuleStore, assertNotServiceLinked, type RuleStore } from './rule-store.ts';
import type { Rule } from './rule.ts';
import { createTags } from './tags.ts';
import { createVerdicts, type Verdicts } from './verdicts.ts';

export interface ConfigServiceDependencies {
  readonly clients: EmulatorClients;
  readonly regions: readonly string[];
  readonly masterAccountId: string;
  readonly accountIds: () => readonly string[];
  readonly now: () => Date;
  readonly work: Work;
  readonly events: OrgEvents;
  readonly authorizeInvoke: (rule: Rule) => Promise<void>;
  readonly invokeFunction: (functionArn: string, payload: unknown) => Promise<string | undefined>;
  readonly runAutomation: RemediationDependencies['runAutomation'];
  readonly forward: (call: Call) => Promise<RawReply>;
  readonly putEvent: EventBridge['put'];
}

/** AWS Config of all accounts and Regions; recorders and aggregators are in the emulator. */
export interface ConfigService {
  readonly rules: RuleStore;
  readonly verdicts: Verdicts;
  readonly history: History;
  readonly recorders: Recorders;
  readonly recording: Recording;
  readonly ruleInvoker: RuleInvoker;
  readonly remediation: Remediation;
  readonly organizationPacks: Pick<
    ReturnType<typeof createOrganizationPacks>,
    'deployToAccount' | 'removeFromAccount'
  >;
  /** Returns the evaluations that match in FailedEvaluations. */
  readonly failEvaluations: (predicate: (evaluation: Evaluation, rule: Rule) => boolean) => void;
  readonly handlers: Readonly<Record<`config:${string}`, Handler>>;
}

export const createConfigService = (deps: ConfigServiceDependencies): ConfigService => {
  let mustFail = (_evaluation: Evaluation, _rule: Rule): boolean => false;
  const parts = createParts(deps);
  const { rules, verdicts, remediation, ruleInvoker, packs, organizationPacks, tags, tokens } = parts;

  return {
    ...parts,
    failEvaluations: (predicate) => {
      mustFail = predicate;
    },
    handlers: {
      ...rules.handlers,
      ...packHandlers(packs, parts),
      ...organizationPacks.handlers,
      ...createComplianceQueries(rules, verdicts),
      ...createRemediationHandlers(rules, remediation),
      ...createItemQueries(parts.history),
      ...createAdvancedQueries({ ...deps, ...parts }),
      ...ruleInvoker.handlers(rules),
      ...tags.handlers,
      'config:PutEvaluations': createPutEvaluations({
        tokens,
        rules,
        store: (rule, evaluation) => storeEvaluation({ ...deps, ...parts }, rule, evaluation),
        mustFail: (evaluation, rule) => mustFail(evaluation, rule),
      }),
      'config:DeleteEvaluationResults': async (call) => deleteEvaluationResults(parts, call),
    },
  };
};

const createParts = (deps: ConfigServiceDependencies) => {
  const history = createHistory();
  const recorders = createRecorders(deps.clients);
  const tokens = createResultTokens();
  const verdicts = createVerdicts();
  const tags = createTags(deps.forward);
  const remediation = createRemediation(deps);
  const ruleInvoker = createRuleInvoker({ ...deps, history, tokens });
  const rules = createRuleStore({
    now: deps.now,
    tags,
    recorderIsOn: recorders.isOn,
    authorizeInvoke: authorizeOrExplain(deps.authorizeInvoke),
    onPut: ruleInvoker.evaluateAll,
    onDeleted: (rule) => {
      verdicts.clear(rule.arn);
      remediation.remove(rule);
    },
  });
  const recording = createRecording({
    ...deps,
    recorders,
    history,
    onItem: (place, item, diff) => {
      ruleInvoker.onItemRecorded(rules.of(place), place, item, diff);
    },
  });
  const readTemplate = createTemplateReader(deps.clients);
  const packs = createPacks({ ...deps, rules, remediation, tags, readTemplate });
  const organizationPacks = createOrganizationPacks({ ...deps, tags, packs, readTemplate });
  return {
    history,
    recorders,
    recording,
    tokens,
    verdicts,
    tags,
    remediation,
    ruleInvoker,
    rules,
    readTemplate,
    packs,
    organizationPacks,
  };
};

const deleteEvaluationResults = (
  { rules, verdicts }: Pick<ConfigService, 'rules' | 'verdicts'>,
  call: Call,
) => {
  const rule = rules.getOrThrow(call, String(call.input['ConfigRuleName']));
  assertNotServiceLinked(rule, 'DeleteEvaluationResults');
  verdicts.clear(rule.arn);
  return {};
};

type StoreContext = Pick<ConfigServiceDependencies, 'now' | 'events' | 'putEvent'> &
  Pick<ConfigService, 'verdicts' | 'ruleInvoker' | 'remediation'>;

/** Stores a verdict, publishes a change of compliance, and remediates a non-compliant resource. */
const storeEvaluation = (
  { now, events, putEvent, verdicts, ruleInvoker, remediation }: StoreContext,
  rule: Rule,
  evaluation: AcceptedEvaluation,
): void => {
  const verdict = { ...evaluation, recordedAt: now() };
  const result = verdicts.record(rule.arn, verdict);
  ruleInvoker.onEvaluated(rule);
  if (!result.stored) return;
  const { previous } = result;
  const { resourceType, resourceId, complianceType, annotation } = evaluation;
  events.emit({
    type: 'VerdictStored',
    place: rule.place,
    ruleName: rule.name,
    resourceType,
    resourceId,
    complianceType,
    ...(annotation === undefined ? {} : { annotation }),
    ...(previous === undefined ? {} : { previous: previous.complianceType }),
  });
  if (previous?.complianceType !== complianceType)
    putEvent(rule.place, complianceChange(rule, verdict, previous));
  if (complianceType === 'NON_COMPLIANT') remediation.onNonCompliant(rule, { resourceType, resourceId });
};

/** Turns a denied invocation into AWS Config's InsufficientPermissionsException. */
const authorizeOrExplain =
  (authorizeInvoke: (rule: Rule) => Promise<void>) =>
  async (rule: Rule): Promise<void> => {
    try {
      await authorizeInvoke(rule);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw awsError(
        'InsufficientPermissionsException',
        `The AWS Lambda function ${rule.functionArn} cannot be invoked for rule '${rule.name}'. Check the function's resource policy: it must let config.amazonaws.com invoke it for account ${rule.place.accountId}. ${error.message}`,
        400,
      );
    }
  };

const createTemplateReader =
  (clients: EmulatorClients) =>
  async (place: Place, { body, s3Uri = '' }: TemplateSource): Promise<string> => {
    if (body !== undefined) return body;
    const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(s3Uri) ?? [];
    const request = new GetObjectCommand({ Bucket: bucket, Key: key });
    const object = await undefinedIfNotFound(
      clients(S3Client, place).send(request),
      'NoSuchBucket',
      'NoSuchKey',
    );
    if (object?.Body !== undefined) return object.Body.transformToString();
    throw awsError('ValidationException', `The template ${s3Uri} cannot be read.`, 400);
  };
