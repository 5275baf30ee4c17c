import { defined } from '../base/defined.ts';
import { canonical } from '../base/json.ts';

/**
 * One permission a rule needs. The short form is an action on any resource.
 * `implied`: AWS checks the action, but no operation has its name (such as iam:PassRole).
 */
export type Grant =
  | string
  | {
      readonly action: string;
      readonly resource?: string | readonly string[];
      /** The parameter that names the resource. Where the settings are known, only that resource is granted. */
      readonly resourceFrom?: string;
      readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
      readonly implied?: boolean;
    };

interface PolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export const grantAction = (grant: Grant): string => (typeof grant === 'string' ? grant : grant.action);

export const isImplied = (grant: Grant): boolean => typeof grant !== 'string' && grant.implied === true;

/** The shortest policy that allows exactly these grants: one statement per set of resources and conditions. */
export const policyOf = (grants: readonly Grant[]): PolicyDocument => {
  const groups = Map.groupBy(grants.map(expand), ({ resource, condition }) =>
    canonical({ resource, condition }),
  );
  return {
    Version: '2012-10-17',
    Statement: [...groups.values()].map(([first, ...rest]) => ({
      Effect: 'Allow',
      Action: [...new Set([first, ...rest].flatMap((grant) => grant?.action ?? []))].toSorted(),
      Resource: first?.resource ?? ['*'],
      ...defined({ Condition: first?.condition }),
    })),
  };
};

/** An SDK service. Two services may sign with one name, as S3 and S3 Control do. */
export interface SdkService {
  /** `S3 Control`, `CloudWatch Logs` */
  readonly serviceId: string;
  /** `s3`, `logs` */
  readonly signingName: string;
}

/**
 * The IAM action that AWS checks for an API operation.
 * Most actions have the name of their operation; `ALIASES` lists the others.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const iamAction = ({ serviceId, signingName }: SdkService, operation: string): string =>
  ALIASES[`${serviceId}:${operation}`] ??
  (signingName === 'apigateway'
    ? apiGatewayAction(operation)
    : `${IAM_PREFIXES[signingName] ?? signingName}:${operation}`);

/**
 * API Gateway's actions are HTTP verbs, in both versions of its API.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
const apiGatewayAction = (operation: string): string => {
  const [word = ''] = /^[A-Z][a-z]+/.exec(operation) ?? [];
  return `apigateway:${VERBS[word] ?? operation}`;
};

const VERBS: Readonly<Record<string, string>> = {
  Get: 'GET',
  List: 'GET',
  Create: 'POST',
  Update: 'PATCH',
  Put: 'PUT',
  Delete: 'DELETE',
};

/** Signing names that are not the service's prefix in IAM. */
const IAM_PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', tagging: 'tag' };

/** Operations whose action has another name, by the service's id in the SDK. */
const ALIASES: Readonly<Record<string, string>> = {
  'S3:ListBuckets': 's3:ListAllMyBuckets',
  'S3:HeadBucket': 's3:ListBucket',
  'S3:ListObjectsV2': 's3:ListBucket',
  'S3:GetBucketEncryption': 's3:GetEncryptionConfiguration',
  'S3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  'S3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  'S3:DeleteBucketTagging': 's3:PutBucketTagging',
  'S3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  'S3:GetBucketLifecycleConfiguration': 's3:GetLifecycleConfiguration',
  'S3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  'S3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  'S3:GetBucketReplication': 's3:GetReplicationConfiguration',
  'S3:PutBucketReplication': 's3:PutReplicationConfiguration',
  'S3:DeleteBucketReplication': 's3:PutReplicationConfiguration',
  'S3:GetBucketNotificationConfiguration': 's3:GetBucketNotification',
  'S3:PutBucketNotificationConfiguration': 's3:PutBucketNotification',
  'S3:GetObjectLockConfiguration': 's3:GetBucketObjectLockConfiguration',
  'S3:PutObjectLockConfiguration': 's3:PutBucketObjectLockConfiguration',
  'S3:GetPublicAccessBlock': 's3:GetBucketPublicAccessBlock',
  'S3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  'S3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  'S3 Control:GetPublicAccessBlock': 's3:GetAccountPublicAccessBlock',
  'S3 Control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  'S3 Control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  'Lambda:Invoke': 'lambda:InvokeFunction',
};

const expand = (grant: Grant) => {
  const { action, resource = '*', condition } = typeof grant === 'string' ? { action: grant } : grant;
  return { action, resource: [resource].flat().toSorted(), condition };
};
