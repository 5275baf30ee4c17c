import type { ConfigurationItem } from '../base/configuration-item.ts';
import { type Place, samePlace } from '../base/place.ts';
import type { Work } from '../base/work.ts';
import type { ConfigService } from '../config/config-service.ts';
import { changeNotification, oversizedNotification } from '../config/rule-event.ts';
import { covers, isPeriodic, type Rule } from '../config/rule.ts';
import type { LocalOrg, ResourceRef, RuleFilter } from './local-org.ts';

export interface OnDemandDependencies {
  readonly config: ConfigService;
  readonly work: Work;
  readonly now: () => Date;
  readonly invokeFunction: (functionArn: string, event: unknown) => Promise<string | undefined>;
}

type Queries = Pick<LocalOrg, 'rules' | 'verdicts' | 'remediationExceptions'>;
type Notifications = Pick<
  LocalOrg,
  'sendScheduled' | 'sendOversized' | 'sendDeleted' | 'sendLeftScope' | 'sendRaw' | 'remediateAgain'
>;

/** Lets a test or a demonstration trigger AWS Config and read its state. */
export const createOnDemand = (deps: OnDemandDependencies): Queries & Notifications => ({
  ...createQueries(deps.config),
  ...createNotifications(deps),
});

const rulesOf = ({ rules }: ConfigService, filter: RuleFilter = {}): readonly Rule[] =>
  rules.all().filter((rule) => matches(rule, filter));

const createQueries = (config: ConfigService): Queries => ({
  rules: (filter) => rulesOf(config, filter),
  verdicts: (filter) =>
    rulesOf(config, filter).flatMap((rule) =>
      config.verdicts.of(rule.arn).map((verdict) => ({ ...verdict, ...rule.place, ruleName: rule.name })),
    ),
  remediationExceptions: (filter) =>
    rulesOf(config, filter).flatMap((rule) =>
      config.remediation.exceptions(rule).map((exception) => ({ ...exception, ...rule.place })),
    ),
});

const createNotifications = ({ config, work, now, invokeFunction }: OnDemandDependencies): Notifications => ({
  sendScheduled: (filter) => {
    for (const rule of rulesOf(config, filter).filter(isPeriodic)) config.ruleInvoker.invokeScheduled(rule);
  },
  sendOversized: (resource) => {
    const item = lastItem(config, resource);
    for (const rule of coveringRules(config, resource, item))
      config.ruleInvoker.invoke(rule, oversizedNotification(item));
  },
  sendDeleted: (resource) => {
    const item = lastItem(config, resource);
    const deleted = deletedItem(item, now());
    const diff = { changedProperties: {}, changeType: 'DELETE' };
    for (const rule of coveringRules(config, resource, item))
      config.ruleInvoker.invoke(rule, changeNotification(deleted, diff, now()));
  },
  sendLeftScope: (resource) => {
    const item = lastItem(config, resource);
    for (const rule of coveringRules(config, resource, item))
      config.ruleInvoker.invoke(rule, changeNotification(item, null, now()), { eventLeftScope: true });
  },
  sendRaw: (functionArn, event) => {
    work.start(`invoking ${functionArn} with a raw event`, async () => {
      await invokeFunction(functionArn, event);
    });
  },
  remediateAgain: (filter) => {
    for (const rule of rulesOf(config, filter)) {
      for (const { complianceType, resourceType, resourceId } of config.verdicts.of(rule.arn)) {
        if (complianceType === 'NON_COMPLIANT')
          config.remediation.onNonCompliant(rule, { resourceType, resourceId });
      }
    }
  },
});

const coveringRules = (
  { rules }: ConfigService,
  place: Place,
  { resourceType, resourceId }: ConfigurationItem,
): readonly Rule[] => {
  const covering = rules.of(place).filter((rule) => covers(rule, resourceType, resourceId));
  if (covering.length > 0) return covering;
  throw new Error(
    `No rule covers ${resourceType} in ${place.accountId}, ${place.region}. Create a rule first.`,
  );
};

const deletedItem = (item: ConfigurationItem, now: Date): ConfigurationItem => ({
  ...item,
  configuration: null,
  supplementaryConfiguration: {},
  relationships: [],
  tags: {},
  configurationItemStatus: 'ResourceDeleted',
  configurationItemCaptureTime: now.toISOString(),
});

const lastItem = (
  { history }: ConfigService,
  { resourceType, resourceId, ...place }: ResourceRef,
): ConfigurationItem => {
  const found = history.find(resourceType, resourceId).find((recorded) => samePlace(recorded.place, place));
  if (found !== undefined) return found.item;
  throw new Error(
    `AWS Config has never recorded ${resourceType} ${resourceId} in ${place.accountId}, ${place.region}.`,
  );
};

const matches = ({ place, name }: Rule, { accountId, region, ruleName }: RuleFilter): boolean =>
  (accountId === undefined || accountId === place.accountId) &&
  (region === undefined || region === place.region) &&
  (ruleName === undefined || ruleName === name || name.startsWith(`${ruleName}-conformance-pack-`));
