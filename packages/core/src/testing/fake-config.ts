import {
  ConfigServiceClient,
  GetComplianceDetailsByConfigRuleCommand,
  GetResourceConfigHistoryCommand,
  PutEvaluationsCommand,
  type ComplianceType,
} from '@aws-sdk/client-config-service';

import { on, type FakeAnswer } from './fake-session.ts';

interface Shown {
  readonly type: ComplianceType;
  readonly annotation: string | undefined;
  readonly orderingTime: Date;
}

/** A stateful fake of AWS Config's verdicts on buckets: shows the newest of each, except NOT_APPLICABLE. */
export interface FakeConfig {
  /** By resource id. */
  readonly shown: Map<string, Shown>;
  /** The verdicts of each PutEvaluations: `bucket: NON_COMPLIANT, annotation`. */
  readonly puts: string[][];
  /** The configuration items that the history returns. */
  readonly history: object[];
  readonly answers: readonly FakeAnswer[];
}

export const fakeConfig = (): FakeConfig => {
  const shown: FakeConfig['shown'] = new Map();
  const puts: string[][] = [];
  const history: object[] = [];
  const answers = [
    on(ConfigServiceClient, PutEvaluationsCommand, ({ Evaluations = [] }) => {
      puts.push(
        Evaluations.map(({ ComplianceResourceId: id, ComplianceType: type, Annotation }) =>
          Annotation === undefined ? `${id}: ${type}` : `${id}: ${type}, ${Annotation}`,
        ),
      );
      for (const { ComplianceResourceId: id = '', ComplianceType: type, ...rest } of Evaluations) {
        if (type === undefined) continue;
        const { Annotation: annotation, OrderingTimestamp: orderingTime = new Date(0) } = rest;
        if ((shown.get(id)?.orderingTime ?? new Date(0)) > orderingTime) continue;
        if (type === 'NOT_APPLICABLE') shown.delete(id);
        else shown.set(id, { type, annotation, orderingTime });
      }
      return {};
    }),
    on(ConfigServiceClient, GetComplianceDetailsByConfigRuleCommand, () => ({
      EvaluationResults: [...shown].map(([ResourceId, { type, annotation, orderingTime }]) => ({
        EvaluationResultIdentifier: {
          EvaluationResultQualifier: { ResourceType: 'AWS::S3::Bucket', ResourceId },
          OrderingTimestamp: orderingTime,
        },
        ComplianceType: type,
        Annotation: annotation,
      })),
    })),
    on(ConfigServiceClient, GetResourceConfigHistoryCommand, () => ({ configurationItems: history })),
  ];
  return { shown, puts, history, answers };
};
