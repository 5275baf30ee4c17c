import { parseVariables } from '@compliance/core';
import * as z from 'zod';

/** The environment variables of both functions. Everything else is in the settings. */
const Environment = z
  .object({
    AWS_REGION: z.string().min(1),
    COMPLIANCE_HOME_REGION: z.string().min(1),
    COMPLIANCE_SETTINGS_BUCKET: z.string().min(1),
    COMPLIANCE_STATE_TABLE: z.string().min(1),
    COMPLIANCE_AUDIT_LOG_GROUP: z.string().min(1),
    /** Also names the account that the functions run in. */
    COMPLIANCE_TOPIC_ARN: z.string().regex(/^arn:[^:]+:sns:[^:]+:\d{12}:.+$/, 'not the ARN of an SNS topic'),
    COMPLIANCE_LEDGER_BUCKET: z.string().min(1),
    /** Only the remediation function may read it. */
    COMPLIANCE_STOP_PARAMETER: z.string().min(1).default('/compliance/stop'),
  })
  .transform((env) => ({
    region: env.AWS_REGION,
    homeRegion: env.COMPLIANCE_HOME_REGION,
    settingsBucket: env.COMPLIANCE_SETTINGS_BUCKET,
    stateTable: env.COMPLIANCE_STATE_TABLE,
    auditLogGroup: env.COMPLIANCE_AUDIT_LOG_GROUP,
    topicArn: env.COMPLIANCE_TOPIC_ARN,
    ledgerBucket: env.COMPLIANCE_LEDGER_BUCKET,
    stopParameter: env.COMPLIANCE_STOP_PARAMETER,
  }));
export type Environment = Readonly<z.infer<typeof Environment>>;

/** Parses the environment. @throws {Error} naming every missing variable */
export const parseEnvironment = (env: NodeJS.ProcessEnv): Environment => parseVariables(Environment, env);
