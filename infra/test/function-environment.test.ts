import { expect, test } from 'vitest';

import { functionEnvironment } from '../src/functions/function-environment.ts';
import { MASTER } from './examples.ts';

const environment = functionEnvironment({
  masterAccountId: MASTER,
  homeRegion: 'eu-west-1',
  partition: 'aws',
});

test('the environment names state table, buckets, topic and log of the master account', () => {
  expect(environment.rule).toEqual({
    COMPLIANCE_HOME_REGION: 'eu-west-1',
    COMPLIANCE_SETTINGS_BUCKET: 'compliance-settings-999988887777',
    COMPLIANCE_STATE_TABLE: 'compliance-state',
    COMPLIANCE_AUDIT_LOG_GROUP: '/compliance/audit',
    COMPLIANCE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:999988887777:compliance-events',
    COMPLIANCE_LEDGER_BUCKET: 'compliance-ledger-999988887777',
  });
});

test('only the remediation function knows the stop switch', () => {
  expect(environment.remediation).toEqual({
    ...environment.rule,
    COMPLIANCE_STOP_PARAMETER: '/compliance/stop',
  });
});
