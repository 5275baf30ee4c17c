import { AccountId } from '@compliance/core';
import { arbitraryOf } from '@compliance/core/testing';
import { loadAllRules } from '@compliance/registry';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Names, tags, errors and values as AWS may hold them, however odd; and some that mean something to a rule. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    'x'.repeat(10_000),
    'a name of words '.repeat(600),
    '\u540d'.repeat(300),
    'K\u00f6ln\r\nSecond line\t\u0000\u001b[31mred\u202egnol\ud800',
    '__proto__',
    `arn:aws:iam::111122223333:role/${'path/'.repeat(100)}`,
    '0.0.0.0/0',
    '::/0',
    '111122223333',
  ),
);

const PLACES = [
  ['aws', 'eu-west-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
] as const;

/** A stage is the only resource whose id a fix takes apart. */
const idOf = (resourceType: string): fc.Arbitrary<string> =>
  resourceType.startsWith('AWS::ApiGateway')
    ? fc.constant('arn:aws:apigateway:eu-west-1::/apis/a1b2c3/stages/prod')
    : hostile.map((id) => id.slice(0, 768)).filter((id) => id !== '');

const expectShown = (text: string): void => {
  expect(text).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  expect(text.isWellFormed()).toBe(true);
};

test.for((await loadAllRules()).map((rule) => [rule.command, rule] as const))(
  '%s says why and what it does in short texts, however long and odd the names are',
  ([, rule]) => {
    const { resourceType } = rule;
    const input = {
      facts: arbitraryOf(rule.facts, hostile),
      handles: rule.handles ? arbitraryOf(rule.handles, hostile) : fc.constant(undefined),
      parameters: fc.oneof(fc.constant(rule.parameters.parse({})), arbitraryOf(rule.parameters)),
      place: fc.constantFrom(...PLACES),
      resourceId: idOf(resourceType),
    };
    fc.assert(
      fc.property(fc.record(input), ({ facts, handles, parameters, place, resourceId }) => {
        const [partition, region] = place;
        const accountId = AccountId.parse('111122223333');
        const context = { accountId, partition, region, parameters, now: new Date('2026-11-20') };
        const verdict = rule.judge(facts, context);
        if (verdict.complianceType === 'COMPLIANT') return;
        expect(verdict.annotation).toMatch(/^[!-~][ -~]{0,249}$/);
        if (verdict.complianceType === 'NOT_APPLICABLE' || !rule.fix) return;
        const fix = rule.fix({ ...context, facts, handles, resource: { resourceType, resourceId } });
        if ('manual' in fix) return;
        expect(fix.description.length).toBeLessThanOrEqual(250);
        for (const text of [fix.description, fix.inCode?.terraform ?? '', fix.inCode?.cloudFormation ?? ''])
          expectShown(text);
      }),
    );
  },
);
