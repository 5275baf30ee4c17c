import type { ServiceEvent } from '../events/event-bridge.ts';
import type { Rule } from './rule.ts';
import type { Verdict } from './verdicts.ts';

/**
 * The event of a changed verdict that AWS Config puts on EventBridge; a first verdict has no `oldEvaluationResult`.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/example-config-rule-compliance-notification.html
 */
export const complianceChange = (
  rule: Rule,
  verdict: Verdict,
  previous: Verdict | undefined,
): ServiceEvent => {
  const { resourceType, resourceId, recordedAt } = verdict;
  return {
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    detail: {
      resourceId,
      resourceType,
      awsRegion: rule.place.region,
      awsAccountId: rule.place.accountId,
      configRuleName: rule.name,
      configRuleARN: rule.arn,
      recordVersion: '1.0',
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: resultOf(rule, verdict),
      ...(previous !== undefined && { oldEvaluationResult: resultOf(rule, previous) }),
      notificationCreationTime: recordedAt.toISOString(),
    },
  };
};

const resultOf = ({ name }: Rule, verdict: Verdict) => {
  const { resourceType, resourceId, complianceType, annotation, orderingTimestamp, recordedAt } = verdict;
  return {
    evaluationResultIdentifier: {
      evaluationResultQualifier: { configRuleName: name, resourceType, resourceId },
      orderingTimestamp: orderingTimestamp.toISOString(),
    },
    complianceType,
    resultRecordedTime: recordedAt.toISOString(),
    configRuleInvokedTime: (verdict.invokedAt ?? recordedAt).toISOString(),
    ...(annotation !== undefined && { annotation }),
  };
};
