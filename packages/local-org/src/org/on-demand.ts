import type { ConfigService } from '../config/config-service.ts';
import { covers, isPeriodic, type Rule } from '../config/rule.ts';
import { changeNotification, oversizedNotification } from '../config/rule-event.ts';
import type { ConfigurationItem } from '../base/configuration-item.ts';
import type { LocalOrg, ResourceRef, RuleFilter } from './local-org.ts';
import type { Work } from '../base/work.ts';

export interface OnDemandDependencies {
  readonly config: ConfigService;
  readonly work: Work;
  readonly now: () => Date;
  readonly invokeEvent: (functionArn: string, event: unknown) => Promise<string | undefined>;
}

/** What a test or a demonstration asks of AWS Config, and what it looks at afterwards. */
export const createOnDemand = ({
  config,
  work,
  now,
  invokeEvent,
}: OnDemandDependencies): Pick<
  LocalOrg,
  | 'sendScheduled'
  | 'sendOversized'
  | 'sendDeleted'
  | 'sendLeftScope'
  | 'sendRaw'
  | 'remediateAgain'
  | 'rules'
  | 'verdicts'
  | 'remediationExceptions'
> => {
  const rules = (filter: RuleFilter = {}): readonly Rule[] =>
    config.rules.all().filter((rule) => matches(rule, filter));

  const forRulesOf = (resource: ResourceRef, send: (rule: Rule, item: ConfigurationItem) => void): void => {
    const item = lastItem(config, resource);
    const covering = config.rules
      .of(resource)
      .filter((rule) => covers(rule, item.resourceType, item.resourceId));
    if (covering.length === 0)
      throw new Error(
        `No rule of ${resource.accountId} in ${resource.region} covers ${resource.resourceType}.`,
      );
    for (const rule of covering) send(rule, item);
  };

  return {
    rules,
    verdicts: (filter) =>
      rules(filter).flatMap((rule) =>
        config.verdicts.of(rule.arn).map((verdict) => ({ ...verdict, ...rule.place, ruleName: rule.name })),
      ),
    remediationExceptions: (filter) =>
      rules(filter).flatMap((rule) =>
        config.remediation.exceptions(rule).map((exception) => ({ ...exception, ...rule.place })),
      ),
    sendScheduled: (filter) => {
      for (const rule of rules(filter).filter(isPeriodic)) config.ruleInvoker.invokeScheduled(rule);
    },
    sendOversized: (resource) => {
      forRulesOf(resource, (rule, item) => config.ruleInvoker.invoke(rule, oversizedNotification(item)));
    },
    sendDeleted: (resource) => {
      forRulesOf(resource, (rule, item) => {
        const deleted: ConfigurationItem = {
          ...item,
          configuration: null,
          supplementaryConfiguration: {},
          relationships: [],
          tags: {},
          configurationItemStatus: 'ResourceDeleted',
          configurationItemCaptureTime: now().toISOString(),
        };
        config.ruleInvoker.invoke(
          rule,
          changeNotification(deleted, { changedProperties: {}, changeType: 'DELETE' }, now()),
        );
      });
    },
    sendLeftScope: (resource) => {
      forRulesOf(resource, (rule, item) => {
        config.ruleInvoker.invoke(rule, changeNotification(item, null, now()), { eventLeftScope: true });
      });
    },
    sendRaw: (functionArn, event) => {
      work.start(`a raw event for ${functionArn}`, async () => {
        await invokeEvent(functionArn, event);
      });
    },
    remediateAgain: (filter) => {
      for (const rule of rules(filter)) {
        for (const { complianceType, resourceType, resourceId } of config.verdicts.of(rule.arn)) {
          if (complianceType === 'NON_COMPLIANT')
            config.remediation.onNonCompliant(rule, { resourceType, resourceId });
        }
      }
    },
  };
};

const lastItem = (
  { history }: ConfigService,
  { resourceType, resourceId, ...place }: ResourceRef,
): ConfigurationItem => {
  const found = history
    .find(resourceType, resourceId)
    .find(({ place: at }) => at.accountId === place.accountId && at.region === place.region);
  if (found !== undefined) return found.item;
  throw new Error(
    `AWS Config of ${place.accountId} in ${place.region} has never recorded ${resourceType} ${resourceId}.`,
  );
};

const matches = ({ place, name }: Rule, { accountId, region, ruleName }: RuleFilter): boolean =>
  (accountId === undefined || accountId === place.accountId) &&
  (region === undefined || region === place.region) &&
  (ruleName === undefined || ruleName === name || name.startsWith(`${ruleName}-conformance-pack-`));
