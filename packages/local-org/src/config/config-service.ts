import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { EventBridge } from '../events/event-bridge.ts';
import { AwsError, awsError } from '../protocol/aws-error.ts';
import type { Handler } from '../gateway/start-gateway.ts';
import type { Call } from '../protocol/call.ts';
import { createHistory, type History } from '../items/history.ts';
import { createItemQueries } from '../items/item-queries.ts';
import { createRecorders, type Recorders } from '../items/recorder.ts';
import { createRecording, type Recording } from '../items/recording.ts';
import type { OrgEvents } from '../base/org-event.ts';
import type { Place } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import { complianceChange } from './compliance-change.ts';
import { createComplianceQueries } from './compliance-queries.ts';
import { createRuleInvoker, type RuleInvoker } from './rule-invoker.ts';
import { createOrganizationPacks } from './organization-packs.ts';
import { packHandlers } from './pack-handlers.ts';
import { createPacks, type TemplateSource } from './packs.ts';
import { type AcceptedEvaluation, createPutEvaluations, type Evaluation } from './put-evaluations.ts';
import { createRemediation, type Remediation, type RemediationDependencies } from './remediation.ts';
import { createRemediationHandlers } from './remediation-handlers.ts';
import type { Rule } from './rule.ts';
import { createRuleStore, assertNotServiceLinked, type RuleStore } from './rule-store.ts';
import { createTags } from './tags.ts';
import { createResultTokens } from './result-tokens.ts';
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
  readonly forward: (call: Call) => Promise<unknown>;
  readonly putEvent: EventBridge['put'];
}

/** AWS Config of all accounts and Regions, except recorders and aggregators, which the emulator has. */
export interface ConfigService {
  readonly rules: RuleStore;
  readonly verdicts: Verdicts;
  readonly history: History;
  readonly recorders: Recorders;
  readonly recording: Recording;
  readonly ruleInvoker: RuleInvoker;
  readonly remediation: Remediation;
  readonly organizationPacks: Pick<ReturnType<typeof createOrganizationPacks>, 'offer' | 'withdraw'>;
  /** Evaluations for which this holds come back as failed. */
  readonly failEvaluations: (predicate: (evaluation: Evaluation, rule: Rule) => boolean) => void;
  readonly handlers: Readonly<Record<`config:${string}`, Handler>>;
}

export const createConfigService = (deps: ConfigServiceDependencies): ConfigService => {
  const { now, work, events, clients, forward } = deps;
  let fails = (_evaluation: Evaluation, _rule: Rule): boolean => false;

  const history = createHistory();
  const recorders = createRecorders(clients);
  const tokens = createResultTokens();
  const verdicts = createVerdicts();
  const tags = createTags(forward);
  const remediation = createRemediation({ now, work, events, runAutomation: deps.runAutomation });
  const evaluating = createRuleInvoker({ ...deps, history, tokens });
  const rules = createRuleStore({
    now,
    tags,
    recorderIsOn: recorders.isOn,
    authorizeInvoke: authorizeOrExplain(deps.authorizeInvoke),
    onPut: evaluating.evaluateAll,
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
      evaluating.onItemRecorded(rules.of(place), place, item, diff);
    },
  });
  const readTemplate = createTemplateReader(clients);
  const packs = createPacks({ now, rules, remediation, tags, events, readTemplate });

  const organizationPacks = createOrganizationPacks({ ...deps, tags, packs, readTemplate });

  const store = (rule: Rule, accepted: AcceptedEvaluation): void => {
    const verdict = { ...accepted, recordedAt: now() };
    const recorded = verdicts.record(rule.arn, verdict);
    evaluating.onEvaluated(rule);
    if (!recorded.stored) return;
    const { resourceType, resourceId, complianceType, annotation } = accepted;
    events.emit({
      type: 'VerdictStored',
      place: rule.place,
      ruleName: rule.name,
      resourceType,
      resourceId,
      complianceType,
      ...(annotation === undefined ? {} : { annotation }),
      ...(recorded.previous === undefined ? {} : { previous: recorded.previous.complianceType }),
    });
    if (recorded.previous?.complianceType !== complianceType)
      deps.putEvent(rule.place, complianceChange(rule, verdict, recorded.previous));
    if (complianceType === 'NON_COMPLIANT') remediation.onNonCompliant(rule, { resourceType, resourceId });
  };

  return {
    rules,
    verdicts,
    history,
    recorders,
    recording,
    ruleInvoker: evaluating,
    remediation,
    organizationPacks,
    failEvaluations: (predicate) => {
      fails = predicate;
    },
    handlers: {
      ...rules.handlers,
      ...packHandlers(packs, { readTemplate }),
      ...organizationPacks.handlers,
      ...createComplianceQueries(rules, verdicts),
      ...createRemediationHandlers(rules, remediation),
      ...createItemQueries(history),
      ...evaluating.handlers(rules),
      ...tags.handlers,
      'config:PutEvaluations': createPutEvaluations({
        tokens,
        rules,
        store,
        fails: (...given) => fails(...given),
      }),
      'config:DeleteEvaluationResults': async (call) => {
        const rule = rules.getOrThrow(call, String(call.input['ConfigRuleName']));
        assertNotServiceLinked(rule, 'DeleteEvaluationResults');
        verdicts.clear(rule.arn);
        return {};
      },
    },
  };
};

/** What PutConfigRule and the deployment of a pack say when the function does not admit AWS Config. */
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
