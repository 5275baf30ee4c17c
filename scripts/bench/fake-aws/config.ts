import { json, jsonError, type Answer } from './answer.ts';
import type { Call } from './parse-call.ts';
import type { State, Verdict } from './state.ts';

const PAGE = 100;

/** Fakes the calls of AWS Config that an evaluation needs: storing and reading verdicts. */
export const answerConfig = ({ operation, accountId, body }: Call, state: State): Answer => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK wrote it.
  const input = JSON.parse(body) as { Evaluations?: Verdict[]; NextToken?: string };
  let verdicts = state.verdicts.get(accountId);
  if (!verdicts) state.verdicts.set(accountId, (verdicts = new Map()));
  switch (operation) {
    case 'PutEvaluations': {
      const { Evaluations = [] } = input;
      state.evaluations.push(Evaluations.length);
      for (const verdict of Evaluations) verdicts.set(verdict.ComplianceResourceId, verdict);
      return json({ FailedEvaluations: [] });
    }
    case 'GetComplianceDetailsByConfigRule': {
      const start = Number(input.NextToken ?? 0);
      const shown = [...verdicts.values()].filter(
        ({ ComplianceType }) => ComplianceType !== 'NOT_APPLICABLE',
      );
      const next = start + PAGE < shown.length ? { NextToken: String(start + PAGE) } : {};
      return json({ EvaluationResults: shown.slice(start, start + PAGE).map(resultOf), ...next });
    }
    default:
      return jsonError('UnknownOperationException');
  }
};

const resultOf = ({
  ComplianceResourceType,
  ComplianceResourceId,
  OrderingTimestamp,
  ...verdict
}: Verdict) => ({
  EvaluationResultIdentifier: {
    EvaluationResultQualifier: { ResourceType: ComplianceResourceType, ResourceId: ComplianceResourceId },
    OrderingTimestamp,
  },
  ComplianceType: verdict.ComplianceType,
  ...(verdict.Annotation !== undefined && { Annotation: verdict.Annotation }),
});
