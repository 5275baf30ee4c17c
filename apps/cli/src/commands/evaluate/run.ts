import {
  createAccountContacts,
  createEvaluate,
  parseConfigRuleEvent,
  permanent,
  type ErrorCode,
  putEvaluations,
  toPutEvaluation,
  type AuditEvent,
  type Evaluation,
  type Table,
} from '@compliance/core';
import { loadRule } from '@compliance/registry';

import { minimalSettings, observeOnly } from '../../account/account-settings.ts';
import { openAccountOfEvent } from '../../account/open-account.ts';
import { readExemptions } from '../../input/read-exemptions.ts';
import { readJson } from '../../input/read-json.ts';
import { readSettings } from '../../input/read-settings.ts';
import { EXIT } from '../../output/exit-codes.ts';

export interface EvaluateFlags {
  readonly event: string;
  readonly put?: true;
  readonly settings?: string;
}

/** Prints the evaluations of an event as PutEvaluations takes them; `--put` sends them. @returns the exit code */
export const evaluate = async (flags: EvaluateFlags): Promise<number> => {
  const input = await readJson(flags.event);
  const event = parseConfigRuleEvent(input);
  const rule = await loadRule(event.command);
  const settings = (await readSettings(flags.settings)) ?? minimalSettings(event);
  const session = await openAccountOfEvent(event);
  const evaluations: Evaluation[] = [];
  const published: AuditEvent[] = [];

  await createEvaluate({
    loadRule: () => Promise.resolve(rule),
    loadSettings: () => Promise.resolve(observeOnly(settings)),
    loadExemptions: readExemptions,
    openSession: () => Promise.resolve(session),
    put: async (open, resultToken, batch) => {
      if (flags.put) await putEvaluations(open, resultToken, batch);
      evaluations.push(...batch);
    },
    publish: async (events) => void published.push(...events),
    redeliver: async () => {},
    recover: async () => {},
    contacts: createAccountContacts(),
    table: noTable,
    now: () => new Date(),
  })(input);

  process.stdout.write(`${JSON.stringify(evaluations.map(toPutEvaluation), null, 2)}\n`);
  return reportFailures(published);
};

const reportFailures = (published: readonly AuditEvent[]): number => {
  const failures = published.filter((event) => event.type === 'evaluation-failed');
  for (const event of published)
    if (event.type === 'event-ignored') process.stderr.write(`ignored: ${event.reason}\n`);
  for (const { resource, error } of failures)
    if (resource) process.stderr.write(`not evaluated: ${resource.resourceId}: ${error.message}\n`);
  const ofEvent = failures.find(({ resource }) => !resource);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- core published the event, so the code is one of its own.
  if (ofEvent) throw permanent(ofEvent.error.code as ErrorCode, ofEvent.error.message);
  return failures.length > 0 ? EXIT.aws : EXIT.ok;
};

// The table holds plans, leases and limits, and this command plans nothing and keeps nothing.
const noTable: Table = {
  get: async () => undefined,
  put: async () => true,
  remove: async () => true,
  add: async ({ amount }) => amount,
  query: async function* () {},
};
