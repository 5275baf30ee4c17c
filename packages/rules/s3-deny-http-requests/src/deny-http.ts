import { withStatement, statementsOf, type PolicyContent } from '@compliance/policy-document';

/** The policy with a statement that denies plain HTTP. A statement of another kind keeps its Sid. */
export const denyHttp = (policy: PolicyContent, { sid, arn }: { sid: string; arn: string }): PolicyContent =>
  withStatement(policy, {
    Sid: freeSid(policy, sid),
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });

const freeSid = (policy: PolicyContent, sid: string): string => {
  const taken = new Set(statementsOf(policy).map((statement) => statement.sid));
  let free = sid;
  for (let number = 2; taken.has(free); number += 1) free = `${sid}${number}`;
  return free;
};
