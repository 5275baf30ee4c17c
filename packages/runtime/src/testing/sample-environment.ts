/** The environment of a function in a Region that is not the home Region. */
export const sampleEnvironment = (over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  COMPLIANCE_HOME_REGION: 'eu-west-1',
  COMPLIANCE_SETTINGS_BUCKET: 'settings',
  COMPLIANCE_STATE_TABLE: 'state',
  COMPLIANCE_AUDIT_LOG_GROUP: '/compliance/audit',
  COMPLIANCE_TOPIC_ARN: 'arn:aws:sns:eu-west-1:999988887777:compliance-audit',
  COMPLIANCE_LEDGER_BUCKET: 'ledger',
  ...over,
});
