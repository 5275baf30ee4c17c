import { parseVariables } from '@compliance/core';
import * as z from 'zod';

/** An empty variable is one that is not set. */
const optional = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text));

const Environment = z
  .object({
    AWS_REGION: z.string().min(1),
    AWS_ACCESS_KEY_ID: z.string().default(''),
    AWS_SECRET_ACCESS_KEY: z.string().default(''),
    AWS_SESSION_TOKEN: z.string().optional(),
    /** Where the functions append. */
    COMPLIANCE_LEDGER_BUCKET: z.string().min(1),
    COMPLIANCE_SEALED_BUCKET: z.string().min(1),
    COMPLIANCE_STATE_TABLE: z.string().min(1),
    COMPLIANCE_SIGNING_KEY_ARN: z
      .string()
      .regex(/^arn:[^:]+:kms:[^:]+:\d{12}:key\/.+$/, 'not the ARN of a KMS key'),
    COMPLIANCE_FORMER_SIGNING_KEY_ARN: optional,
    /** 0 locks nothing. */
    COMPLIANCE_LOCK_DAYS: z.coerce.number().int().min(0).default(0),
    COMPLIANCE_LOCK_MODE: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
    /** A bucket of another account for copies of the heads. */
    COMPLIANCE_HEADS_BUCKET_ARN: optional,
  })
  .transform((env) => ({
    region: env.AWS_REGION,
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      ...(env.AWS_SESSION_TOKEN !== undefined && { sessionToken: env.AWS_SESSION_TOKEN }),
    },
    ledgerBucket: env.COMPLIANCE_LEDGER_BUCKET,
    sealedBucket: env.COMPLIANCE_SEALED_BUCKET,
    stateTable: env.COMPLIANCE_STATE_TABLE,
    signingKeyArn: env.COMPLIANCE_SIGNING_KEY_ARN,
    formerSigningKeyArn: env.COMPLIANCE_FORMER_SIGNING_KEY_ARN,
    lock: { days: env.COMPLIANCE_LOCK_DAYS, mode: env.COMPLIANCE_LOCK_MODE },
    headsBucket: env.COMPLIANCE_HEADS_BUCKET_ARN?.split(':::')[1],
  }));
export type Environment = Readonly<z.infer<typeof Environment>>;

/** Parses the environment. @throws {Error} naming every missing variable */
export const parseEnvironment = (env: NodeJS.ProcessEnv): Environment => parseVariables(Environment, env);
