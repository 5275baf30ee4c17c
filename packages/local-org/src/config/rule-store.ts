import { partitionOf } from '@compliance/core';
import { isDeepStrictEqual } from 'node:util';

import * as z from 'zod';

import { type Place, placeKey, samePlace } from '../base/place.ts';
import { stableId } from '../base/stable-id.ts';
import { awsError } from '../protocol/aws-error.ts';
import type { Call } from '../protocol/call.ts';
import { page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import { ConfigRule, type Rule } from './rule.ts';
import type { Tags } from './tags.ts';

export interface RuleStoreDependencies {
  readonly now: () => Date;
  readonly tags: Tags;
  readonly recorderIsOn: (place: Place) => Promise<boolean>;
  /** @throws {AwsError} when the function's resource policy does not allow AWS Config to invoke it for the rule */
  readonly authorizeInvoke: (rule: Rule) => Promise<void>;
  readonly onPut: (rule: Rule) => void;
  readonly onDeleted: (rule: Rule) => void;
}

export interface RuleStore {
  readonly put: (place: Place, definition: ConfigRule, packName?: string) => Promise<Rule>;
  readonly remove: (rule: Rule) => void;
  readonly get: (place: Place, name: string) => Rule | undefined;
  /** @throws {AwsError} NoSuchConfigRuleException */
  readonly getOrThrow: (place: Place, name: string) => Rule;
  readonly of: (place: Place) => readonly Rule[];
  readonly all: () => readonly Rule[];
  readonly handlers: ReturnType<typeof ruleHandlers>;
}

/** Stores the rules of all accounts and Regions. */
export const createRuleStore = (deps: RuleStoreDependencies): RuleStore => {
  const rules = new Map<string, Rule>();
  let created = 0;
  const get: RuleStore['get'] = (place, name) => rules.get(placeKey(place, name));

  const put: RuleStore['put'] = async (place, definition, packName) => {
    const functionArn = functionArnOf(place, definition);
    if (!(await deps.recorderIsOn(place))) throw noRecorder(place);
    const old = get(place, definition.ConfigRuleName);
    const id =
      old?.id ?? `config-rule-${stableId(6, placeKey(place), definition.ConfigRuleName, (created += 1))}`;
    const rule: Rule = {
      place,
      name: definition.ConfigRuleName,
      id,
      arn: ruleArn(place, id, packName),
      functionArn,
      definition,
      packName,
      activatedAt: old?.activatedAt ?? deps.now(),
    };
    await deps.authorizeInvoke(rule);
    rules.set(placeKey(place, rule.name), rule);
    // An unchanged rule is not evaluated again.
    if (!isDeepStrictEqual(old?.definition, definition)) deps.onPut(rule);
    return rule;
  };

  const remove: RuleStore['remove'] = (rule) => {
    rules.delete(placeKey(rule.place, rule.name));
    deps.tags.forget(rule.arn);
    deps.onDeleted(rule);
  };

  const getOrThrow: RuleStore['getOrThrow'] = (place, name) => {
    const rule = get(place, name);
    if (rule !== undefined) return rule;
    throw awsError(
      'NoSuchConfigRuleException',
      `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name.`,
      400,
    );
  };
  const of: RuleStore['of'] = (place) => [...rules.values()].filter((rule) => samePlace(rule.place, place));
  const store = { put, remove, get, getOrThrow, of, all: () => [...rules.values()] };
  return { ...store, handlers: ruleHandlers(store, deps.tags) };
};

const PutRequest = z.object({
  ConfigRule,
  Tags: z.array(z.object({ Key: z.string(), Value: z.string().optional() })).optional(),
});
const NameRequest = z.object({ ConfigRuleName: z.string() });
const DescribeRequest = z.object({
  ConfigRuleNames: z.array(z.string()).max(25).optional(),
  NextToken: z.string().optional(),
});

const ruleHandlers = (rules: Omit<RuleStore, 'handlers'>, tags: Tags) => ({
  'config:PutConfigRule': async (call: Call) => {
    const { ConfigRule: definition, Tags: given } = parseInput(PutRequest, call.input);
    const old = rules.get(call, definition.ConfigRuleName);
    if (old !== undefined) assertNotServiceLinked(old, 'PutConfigRule');
    const { arn } = await rules.put(call, definition);
    // A second PutConfigRule does not change the tags: only TagResource does.
    if (old === undefined && given !== undefined) tags.set(arn, given);
    return {};
  },
  'config:DeleteConfigRule': async (call: Call) => {
    const rule = rules.getOrThrow(call, parseInput(NameRequest, call.input).ConfigRuleName);
    assertNotServiceLinked(rule, 'DeleteConfigRule');
    rules.remove(rule);
    return {};
  },
  'config:DescribeConfigRules': async (call: Call) => {
    const { ConfigRuleNames: names, NextToken: nextToken } = parseInput(DescribeRequest, call.input);
    const requested = names?.map((name) => rules.getOrThrow(call, name)) ?? rules.of(call);
    const found = page(requested, { limit: 25, nextToken });
    return { ConfigRules: found.items.map(described), NextToken: found.nextToken };
  },
});

const described = (rule: Rule) => ({
  ...rule.definition,
  ConfigRuleArn: rule.arn,
  ConfigRuleId: rule.id,
  ConfigRuleState: 'ACTIVE',
  EvaluationModes: rule.definition.EvaluationModes ?? [{ Mode: 'DETECTIVE' }],
  ...(rule.packName === undefined ? {} : { CreatedBy: 'config-conforms.amazonaws.com' }),
});

/** @throws {AwsError} AccessDeniedException for a rule of a conformance pack: only the pack may change it. */
export const assertNotServiceLinked = (rule: Rule, operation: string): void => {
  if (rule.packName === undefined) return;
  throw awsError(
    'AccessDeniedException',
    `${operation} is not allowed on '${rule.name}': it is a service-linked rule of conformance pack '${rule.packName}'.`,
    400,
  );
};

const ruleArn = ({ accountId, region }: Place, id: string, packName: string | undefined): string => {
  const linked = packName === undefined ? '' : 'aws-service-rule/config-conforms.amazonaws.com/';
  return `arn:${partitionOf(region)}:config:${region}:${accountId}:config-rule/${linked}${id}`;
};

const functionArnOf = (place: Place, { ConfigRuleName: name, Source: source }: ConfigRule): string => {
  const functionArn = source.SourceIdentifier;
  if (source.Owner !== 'CUSTOM_LAMBDA' || functionArn === undefined) {
    throw invalid(
      `Not supported by the local AWS Config: owner ${source.Owner} of rule '${name}'. Use CUSTOM_LAMBDA.`,
    );
  }
  if (functionArn.split(':')[3] !== place.region) {
    throw invalid(
      `Rule '${name}': the function ${functionArn} is not in the Region of the rule, ${place.region}.`,
    );
  }
  for (const detail of source.SourceDetails ?? []) {
    if (detail.MaximumExecutionFrequency !== undefined && detail.MessageType !== 'ScheduledNotification') {
      throw invalid(`Rule '${name}': MaximumExecutionFrequency is only for ScheduledNotification.`);
    }
  }
  return functionArn;
};

const invalid = (message: string) => awsError('InvalidParameterValueException', message, 400);

const noRecorder = ({ accountId, region }: Place) =>
  awsError(
    'NoAvailableConfigurationRecorderException',
    `Configuration recorder is not available: start one in ${accountId}, ${region}, before creating rules.`,
    400,
  );
