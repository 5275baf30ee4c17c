import { topicArn } from '../names/arn.ts';
import {
  AUDIT_LOG_GROUP,
  STATE_TABLE,
  STOP_PARAMETER,
  TOPIC,
  ledgerBucket,
  settingsBucket,
  type FunctionKey,
} from '../names/names.ts';

/** The place of state, settings and ledger: the master account and its home Region. */
export interface Home {
  readonly masterAccountId: string;
  readonly homeRegion: string;
  readonly partition: string;
  /** The organization in which the functions assume roles; absent when the accounts belong to none. */
  readonly organizationId?: string | undefined;
}

/** The environment of each function, the same in every Region. */
export const functionEnvironment = ({
  masterAccountId,
  homeRegion,
  partition,
}: Home): Readonly<Record<FunctionKey, Readonly<Record<string, string>>>> => {
  const rule = {
    COMPLIANCE_HOME_REGION: homeRegion,
    COMPLIANCE_SETTINGS_BUCKET: settingsBucket(masterAccountId),
    COMPLIANCE_STATE_TABLE: STATE_TABLE,
    COMPLIANCE_AUDIT_LOG_GROUP: AUDIT_LOG_GROUP,
    COMPLIANCE_TOPIC_ARN: topicArn({ partition, region: homeRegion, accountId: masterAccountId }, TOPIC),
    COMPLIANCE_LEDGER_BUCKET: ledgerBucket(masterAccountId),
  };
  return { rule, remediation: { ...rule, COMPLIANCE_STOP_PARAMETER: STOP_PARAMETER } };
};
