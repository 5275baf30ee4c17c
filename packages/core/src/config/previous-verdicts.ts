import {
  ConfigServiceClient,
  paginateGetComplianceDetailsByConfigRule,
} from '@aws-sdk/client-config-service';

import { resourceKey } from '../aws/resource.ts';
import type { Session } from '../aws/session.ts';

/** The verdict that AWS Config shows for a resource now. */
export interface PreviousVerdict {
  readonly complianceType: 'COMPLIANT' | 'NON_COMPLIANT';
  readonly annotation: string | undefined;
  readonly orderingTime: Date;
}

/**
 * Reads the verdicts that a rule shows now, by resource.
 * AWS Config does not show NOT_APPLICABLE ones. The call is free of charge.
 */
export const previousVerdicts = async (
  session: Session,
  configRuleName: string,
): Promise<Map<string, PreviousVerdict>> => {
  const verdicts = new Map<string, PreviousVerdict>();
  const pages = paginateGetComplianceDetailsByConfigRule(
    { client: session.client(ConfigServiceClient), pageSize: 100 },
    { ConfigRuleName: configRuleName, ComplianceTypes: ['COMPLIANT', 'NON_COMPLIANT'] },
  );
  for await (const { EvaluationResults = [] } of pages)
    for (const { ComplianceType, Annotation, EvaluationResultIdentifier } of EvaluationResults) {
      const { ResourceType = '', ResourceId = '' } =
        EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
      verdicts.set(resourceKey({ resourceType: ResourceType, resourceId: ResourceId }), {
        complianceType: ComplianceType === 'COMPLIANT' ? 'COMPLIANT' : 'NON_COMPLIANT',
        annotation: Annotation,
        orderingTime: EvaluationResultIdentifier?.OrderingTimestamp ?? new Date(0),
      });
    }
  return verdicts;
};
