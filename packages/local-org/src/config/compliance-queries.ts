import * as z from 'zod';

import { toJsonTime } from '../base/json-time.ts';
import type { Call } from '../protocol/call.ts';
import { limitOrDefault, page } from '../protocol/page.ts';
import { parseInput } from '../protocol/parse-input.ts';
import type { RuleStore } from './rule-store.ts';
import type { Rule } from './rule.ts';
import type { Verdict, Verdicts } from './verdicts.ts';

const ComplianceTypes = z
  .array(z.enum(['COMPLIANT', 'NON_COMPLIANT', 'NOT_APPLICABLE', 'INSUFFICIENT_DATA']))
  .max(3);

const DetailsByRule = z.object({
  // 64, although a rule's name may have 128 characters: AWS has kept the old limit here.
  ConfigRuleName: z.string().min(1).max(64),
  ComplianceTypes: ComplianceTypes.optional(),
  Limit: z.int().min(0).max(100).optional(),
  NextToken: z.string().optional(),
});
const DetailsByResource = z.object({
  ResourceType: z.string().min(1),
  ResourceId: z.string().min(1),
  ComplianceTypes: ComplianceTypes.optional(),
  NextToken: z.string().optional(),
});
const ByRule = z.object({
  ConfigRuleNames: z.array(z.string()).max(25).optional(),
  ComplianceTypes: ComplianceTypes.optional(),
  NextToken: z.string().optional(),
});
const ByResource = z.object({
  ResourceType: z.string().optional(),
  ResourceId: z.string().optional(),
  ComplianceTypes: ComplianceTypes.optional(),
  Limit: z.int().min(0).max(100).optional(),
  NextToken: z.string().optional(),
});

/** AWS Config's operations that read verdicts. */
export const createComplianceQueries = (rules: RuleStore, verdicts: Verdicts) => {
  const stores = { rules, verdicts };
  return {
    'config:GetComplianceDetailsByConfigRule': async (call: Call) => detailsByRule(stores, call),
    'config:GetComplianceDetailsByResource': async (call: Call) => detailsByResource(stores, call),
    'config:DescribeComplianceByConfigRule': async (call: Call) => complianceByRule(stores, call),
    'config:DescribeComplianceByResource': async (call: Call) => complianceByResource(stores, call),
  };
};

interface Stores {
  readonly rules: RuleStore;
  readonly verdicts: Verdicts;
}

const detailsByRule = ({ rules, verdicts }: Stores, call: Call) => {
  const request = parseInput(DetailsByRule, call.input);
  const rule = rules.getOrThrow(call, request.ConfigRuleName);
  const matching = verdicts
    .of(rule.arn)
    .filter(({ complianceType }) => isRequested(request.ComplianceTypes, complianceType));
  const { items, nextToken } = page(matching, {
    limit: limitOrDefault(request.Limit, 10),
    nextToken: request.NextToken,
  });
  return {
    EvaluationResults: items.map((verdict) => evaluationResult({ rule, verdict })),
    NextToken: nextToken,
  };
};

const detailsByResource = (stores: Stores, call: Call) => {
  const request = parseInput(DetailsByResource, call.input);
  const matching = rowsOf(stores, call).filter(
    ({ verdict }) =>
      verdict.resourceType === request.ResourceType &&
      verdict.resourceId === request.ResourceId &&
      isRequested(request.ComplianceTypes, verdict.complianceType),
  );
  const { items, nextToken } = page(matching, { limit: 100, nextToken: request.NextToken });
  return { EvaluationResults: items.map(evaluationResult), NextToken: nextToken };
};

const complianceByRule = ({ rules, verdicts }: Stores, call: Call) => {
  const request = parseInput(ByRule, call.input);
  const requested = request.ConfigRuleNames?.map((name) => rules.getOrThrow(call, name)) ?? rules.of(call);
  const matching = requested
    .map((rule) => ({ ConfigRuleName: rule.name, Compliance: compliance(verdicts.of(rule.arn)) }))
    .filter((row) => isRequested(request.ComplianceTypes, row.Compliance.ComplianceType));
  const { items, nextToken } = page(matching, { limit: 25, nextToken: request.NextToken });
  return { ComplianceByConfigRules: items, NextToken: nextToken };
};

const complianceByResource = (stores: Stores, call: Call) => {
  const request = parseInput(ByResource, call.input);
  const byResource = Map.groupBy(
    rowsOf(stores, call).map(({ verdict }) => verdict),
    ({ resourceType, resourceId }) => `${resourceType}/${resourceId}`,
  );
  const matching = [...byResource.values()].flatMap((ofResource) => {
    const [first] = ofResource;
    if (first === undefined || !matches(request, first)) return [];
    const row = {
      ResourceType: first.resourceType,
      ResourceId: first.resourceId,
      Compliance: compliance(ofResource),
    };
    return isRequested(request.ComplianceTypes, row.Compliance.ComplianceType) ? [row] : [];
  });
  const { items, nextToken } = page(matching, {
    limit: limitOrDefault(request.Limit, 10),
    nextToken: request.NextToken,
  });
  return { ComplianceByResources: items, NextToken: nextToken };
};

const rowsOf = ({ rules, verdicts }: Stores, call: Call): readonly Row[] =>
  rules.of(call).flatMap((rule) => verdicts.of(rule.arn).map((verdict) => ({ rule, verdict })));

interface Row {
  readonly rule: Rule;
  readonly verdict: Verdict;
}

const isRequested = (requested: readonly string[] | undefined, complianceType: string): boolean =>
  requested === undefined || requested.length === 0 || requested.includes(complianceType);

const matches = (request: z.output<typeof ByResource>, { resourceType, resourceId }: Verdict): boolean =>
  (request.ResourceType === undefined || request.ResourceType === resourceType) &&
  (request.ResourceId === undefined || request.ResourceId === resourceId);

/** Aggregates verdicts; none are INSUFFICIENT_DATA. */
const compliance = (verdicts: readonly Verdict[]) => {
  const count = (type: string): number =>
    verdicts.filter(({ complianceType }) => complianceType === type).length;
  const nonCompliant = count('NON_COMPLIANT');
  if (nonCompliant > 0) {
    return {
      ComplianceType: 'NON_COMPLIANT',
      ComplianceContributorCount: { CappedCount: Math.min(nonCompliant, 25), CapExceeded: nonCompliant > 25 },
    };
  }
  return { ComplianceType: count('COMPLIANT') > 0 ? 'COMPLIANT' : 'INSUFFICIENT_DATA' };
};

const evaluationResult = ({ rule, verdict }: Row) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: {
      ConfigRuleName: rule.name,
      ResourceType: verdict.resourceType,
      ResourceId: verdict.resourceId,
      EvaluationMode: 'DETECTIVE',
    },
    OrderingTimestamp: toJsonTime(verdict.orderingTimestamp),
  },
  ComplianceType: verdict.complianceType,
  ResultRecordedTime: toJsonTime(verdict.recordedAt),
  ConfigRuleInvokedTime: toJsonTime(verdict.invokedAt ?? verdict.recordedAt),
  Annotation: verdict.annotation,
});
