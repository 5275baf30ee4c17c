import { logGroupArn } from '@compliance/infra';

import type { DeployedBus, DeployedEventRule, DeployedLogPolicy } from '../model/deployment.ts';
import { parseJson } from '../model/parse-json.ts';
import { sameRegionAs } from '../model/place.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import type { AwsValues } from './aws-resources.ts';
import { isUnknown, type PlanJson } from './plan-json.ts';
import { accountRegionOf, type Planned, type PlannedResources } from './planned-resources.ts';
import { referencesIn } from './references.ts';

export interface PlannedEvents {
  readonly eventBuses: readonly DeployedBus[];
  readonly eventRules: readonly DeployedEventRule[];
  readonly logPolicies: readonly DeployedLogPolicy[];
  /** All targets, including those whose rule is not in the plan. */
  readonly eventTargets: readonly Pick<DeployedEventRule, 'accountId' | 'region' | 'bus' | 'name'>[];
}

/** Event buses, EventBridge rules with targets, and log policies of a plan. */
export const plannedEvents = (plan: PlanJson, { of }: PlannedResources): PlannedEvents => {
  const policies = of('aws_cloudwatch_event_bus_policy');
  const targets = of('aws_cloudwatch_event_target');
  const groups = of('aws_cloudwatch_log_group');
  const referencesOf = referencesIn(plan);

  const targetOf = ({ change, values }: Planned<AwsValues<'aws_cloudwatch_event_target'>>) => {
    const [group] = values.arn === undefined ? referencesOf(change, 'arn') : [];
    const found = groups.find((candidate) => candidate.change === group);
    return {
      // The ARN of a log group that does not exist yet follows from its name.
      arn: found ? logGroupArn(found, found.values.name) : (values.arn ?? null),
      roleArn: isUnknown(change.change, 'role_arn') ? null : values.role_arn,
    };
  };

  return {
    eventBuses: of('aws_cloudwatch_event_bus').map((bus) => {
      const own = policies.filter(
        (policy) => policy.values.event_bus_name === bus.values.name && sameRegionAs(bus)(policy),
      );
      const [text] = own.length === 0 ? [EMPTY_POLICY] : own.map(({ values }) => values.policy);
      return { ...accountRegionOf(bus), name: bus.values.name, policy: parsePolicyDocument(text) };
    }),
    eventRules: of('aws_cloudwatch_event_rule').map((rule) => {
      const { name, event_bus_name: bus, event_pattern: pattern, is_enabled: isEnabled, state } = rule.values;
      const own = targets.filter(
        (target) =>
          target.values.rule === name && target.values.event_bus_name === bus && sameRegionAs(rule)(target),
      );
      return {
        ...accountRegionOf(rule),
        name,
        bus,
        enabled: state === undefined ? isEnabled !== false : state !== 'DISABLED',
        pattern: isUnknown(rule.change.change, 'event_pattern') ? null : parseJson(pattern),
        targets: own.map(targetOf),
      };
    }),
    logPolicies: of('aws_cloudwatch_log_resource_policy').map((policy) => ({
      ...accountRegionOf(policy),
      name: policy.values.policy_name,
      document: parsePolicyDocument(policy.values.policy_document),
    })),
    eventTargets: targets.map((target) => ({
      ...accountRegionOf(target),
      bus: target.values.event_bus_name,
      name: target.values.rule,
    })),
  };
};

/** The policy of a bus without a policy. */
const EMPTY_POLICY = { Statement: [] };
