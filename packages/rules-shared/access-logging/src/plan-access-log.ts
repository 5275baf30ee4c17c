import { change, type CallStep, type Fix } from '@compliance/core/rule';

import type { AccessLog } from './access-log.ts';

/** The access log of a stage, as both versions of API Gateway take it. */
export interface Settings {
  readonly destinationArn: string;
  readonly format: string;
}

interface Input {
  readonly stage: string;
  readonly facts: AccessLog;
  readonly parameters: { readonly logGroupArn: string | null; readonly format: string };
  readonly inCode: { readonly terraform: string; readonly cloudFormation: string };
  /** The call that turns the log on. */
  readonly step: (settings: Settings) => CallStep;
}

/** Plans an access log for a stage that has none. A destination that is gone is left to a person. */
export const planAccessLog = ({ stage, facts, parameters, inCode, step }: Input): Fix => {
  const { logGroupArn, format } = parameters;
  if (facts.destination !== null)
    return {
      manual: `Create the destination of ${stage}'s access log again, or choose another: ${facts.destination}.`,
    };
  if (logGroupArn === null)
    return { manual: 'Set the parameter logGroupArn to the log group that takes access logs.' };
  // API Gateway takes the ARN without the suffix that CloudWatch Logs shows.
  const destinationArn = logGroupArn.replace(/:\*$/, '');
  return change({
    description: `Write the access log of ${stage} to ${destinationArn}`,
    risk: 'safe',
    inCode,
    steps: [step({ destinationArn, format })],
  });
};
