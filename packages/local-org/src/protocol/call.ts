/** A request as received, with its complete body. */
export interface RawRequest {
  readonly method: string;
  /** Still percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A reply exactly as it is sent. */
export interface RawReply {
  readonly type: 'raw';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Who made a call. */
export type Principal =
  /** Seeds an account; policies do not apply. */
  | { readonly type: 'admin'; readonly accountId: string; readonly arn: string; readonly userId: string }
  | {
      readonly type: 'role';
      readonly accountId: string;
      /** Of the session, as in GetCallerIdentity: `arn:aws:sts::…:assumed-role/<role>/<session>`. */
      readonly arn: string;
      readonly userId: string;
      readonly roleArn: string;
      readonly roleName: string;
      /** The session policies of AssumeRole, inline and by ARN, which together limit the role. None: no limit. */
      readonly sessionPolicies: readonly string[];
    };

/** The wire protocol of a service. */
export type Protocol = 'json' | 'query' | 'ec2' | 'rest-xml' | 'rest-json' | 'cbor';

/** One call of an AWS operation, independent of its protocol. */
export interface Call {
  /** The service by its IAM prefix ('s3', 'cloudwatch', 'tag'); S3 Control is 's3-control', HTTP APIs 'apigatewayv2'. */
  readonly service: string;
  /** The API operation, such as 'PutBucketVersioning'. */
  readonly operation: string;
  /** Of the caller. */
  readonly accountId: string;
  readonly region: string;
  readonly principal: Principal;
  /** Parameters from a JSON body, a form, or path, query and headers. XML is not parsed; lists of a form are arrays. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly protocol: Protocol;
  readonly request: RawRequest;
}

/** Service and API operation, such as 's3:PutBucketVersioning'; not the IAM action. */
export type OperationName = `${string}:${string}`;
export const operationName = ({ service, operation }: Pick<Call, 'service' | 'operation'>): OperationName =>
  `${service}:${operation}`;

/** A string parameter of a call. */
export const text = (call: Call, name: string): string | undefined => {
  const value = call.input[name];
  return typeof value === 'string' ? value : undefined;
};

/** A list of strings from a parameter; a single string is a list of one. */
export const texts = (call: Call, name: string): readonly string[] => {
  const value = call.input[name];
  return [value].flat().filter((item): item is string => typeof item === 'string');
};
