import { expect, test } from 'vitest';

import { parseEnvironment } from '../src/environment.ts';
import { sampleEnvironment } from '../src/testing/sample-environment.ts';

test('the environment of a function is parsed', () => {
  expect(parseEnvironment(sampleEnvironment())).toEqual({
    region: 'eu-central-1',
    homeRegion: 'eu-west-1',
    settingsBucket: 'settings',
    stateTable: 'state',
    auditLogGroup: '/compliance/audit',
    topicArn: 'arn:aws:sns:eu-west-1:999988887777:compliance-audit',
    ledgerBucket: 'ledger',
    stopParameter: '/compliance/stop',
  });
});

test('the stop switch may have another name', () => {
  const env = sampleEnvironment({ COMPLIANCE_STOP_PARAMETER: '/other/stop' });
  expect(parseEnvironment(env).stopParameter).toBe('/other/stop');
});

test('an incomplete environment is refused, and every missing or empty variable is named', () => {
  const env = sampleEnvironment({ COMPLIANCE_STATE_TABLE: undefined, COMPLIANCE_SETTINGS_BUCKET: '' });
  expect(() => parseEnvironment(env)).toThrow(
    /Incomplete.*COMPLIANCE_SETTINGS_BUCKET.*COMPLIANCE_STATE_TABLE/s,
  );
  expect(() => parseEnvironment(env)).not.toThrow(/COMPLIANCE_LEDGER_BUCKET/);
});

test.each(['compliance-audit', 'arn:aws:sqs:eu-west-1:999988887777:audit', 'arn:aws:sns:eu-west-1::audit'])(
  'a topic that names no account is refused: %s',
  (arn) => {
    const env = sampleEnvironment({ COMPLIANCE_TOPIC_ARN: arn });
    expect(() => parseEnvironment(env)).toThrow(/COMPLIANCE_TOPIC_ARN: not the ARN of an SNS topic/);
  },
);
