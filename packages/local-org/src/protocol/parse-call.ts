import * as z from 'zod';
import { awsError } from './aws-error.ts';
import type { Call, Protocol, RawRequest } from './call.ts';
import { matchRoute } from './match-route.ts';
import { parseForm } from './parse-form.ts';
import { routesOf } from './rest-services.ts';
import { scopeOf } from './signature.ts';

/** A call whose principal is not known yet. */
export type AnonymousCall = Omit<Call, 'principal' | 'accountId'> & { readonly accessKeyId: string };

// Services whose signing name is not their IAM prefix.
const IAM_PREFIXES: Readonly<Record<string, string>> = {
  monitoring: 'cloudwatch',
  tagging: 'tag',
  email: 'ses',
};

/** Parses a request of any protocol into a call. */
export const parseCall = async (request: RawRequest): Promise<AnonymousCall> => {
  const scope = scopeOf(request);
  const service = serviceOf(scope.service, request);
  const protocol = protocolOf(service, request);
  const { operation, input } = await readOperation(service, protocol, request);
  return {
    service,
    operation,
    input,
    protocol,
    request,
    region: scope.region,
    accessKeyId: scope.accessKeyId,
  };
};

/** The services that share a signing name differ by path. */
const serviceOf = (signingName: string, { path }: RawRequest): string => {
  if (signingName === 's3' && path.startsWith('/v20180820/')) return 's3-control';
  if (signingName === 'apigateway' && path.startsWith('/v2/')) return 'apigatewayv2';
  return IAM_PREFIXES[signingName] ?? signingName;
};

/** Detects the protocol of a request, also of one that cannot be parsed: its error reply needs it. */
export const protocolOf = (service: string, { headers, query }: RawRequest): Protocol => {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['x-amz-target'] !== undefined) return 'json';
  if (REST_XML.has(service)) return 'rest-xml';
  if (
    headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true ||
    query.has('Action')
  )
    return service === 'ec2' ? 'ec2' : 'query';
  return 'rest-json';
};

const REST_XML = new Set(['s3', 's3-control', 'cloudfront']);

type Operation = Pick<Call, 'operation' | 'input'>;

const readOperation = async (
  service: string,
  protocol: Protocol,
  request: RawRequest,
): Promise<Operation> => {
  switch (protocol) {
    case 'json':
      return {
        operation: request.headers['x-amz-target']?.split('.').at(-1) ?? '',
        input: jsonObject(request.body),
      };
    case 'query':
    case 'ec2': {
      const { Action, ...input } = parseForm(
        new URLSearchParams([...request.query, ...new URLSearchParams(request.body.toString())]),
      );
      return { operation: String(Action), input };
    }
    case 'cbor':
      // No policy and no workaround reads a CBOR body: it is forwarded unparsed.
      return { operation: request.path.split('/').at(-1) ?? '', input: {} };
    case 'rest-xml':
    case 'rest-json':
      return readRestOperation(service, request);
    default:
      throw new Error(`Unknown protocol: ${JSON.stringify(protocol satisfies never)}`);
  }
};

const readRestOperation = async (service: string, request: RawRequest): Promise<Operation> => {
  const routes = await routesOf(service);
  const bucket = service === 's3' ? bucketOf(request) : undefined;
  const inService =
    service === 's3'
      ? routes.filter(({ operation }) => isServiceWide(operation) === (bucket === undefined))
      : routes;
  const match = matchRoute(inService, { ...request, path: bucket?.path ?? request.path });
  if (match === undefined) {
    const route = `${service}: ${request.method} ${request.path}`;
    throw awsError(
      'UnknownOperationException',
      `Not supported by the local organization: the operation at ${route}. Add it to protocol/rest-services.ts.`,
      404,
    );
  }
  // An S3 object and a Lambda payload may be JSON, but are not parameters.
  const isJson =
    service !== 's3' &&
    /json/.test(request.headers['content-type'] ?? '') &&
    !match.operation.startsWith('Invoke');
  const body = isJson ? jsonObject(request.body) : {};
  return {
    operation: match.operation,
    input: { ...body, ...match.input, ...(bucket && { Bucket: bucket.name }) },
  };
};

// Paths of the SDK's schema start after the bucket, so `GET /` matches both of these and ListObjects.
const isServiceWide = (operation: string): boolean =>
  operation === 'ListBuckets' || operation === 'ListDirectoryBuckets';

const bucketOf = ({ path, headers }: RawRequest): { name: string; path: string } | undefined => {
  const host = /^(?<bucket>[^:]+)\.(?:127\.0\.0\.1|localhost)(?::|$)/.exec(headers['host'] ?? '')?.groups?.[
    'bucket'
  ];
  if (host !== undefined) return { name: host, path };
  const [, name = '', ...key] = path.split('/');
  return name === '' ? undefined : { name: decodeURIComponent(name), path: `/${key.join('/')}` };
};

const jsonObject = (body: Buffer): Record<string, unknown> => {
  if (body.length === 0) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString()));
  } catch (cause) {
    throw awsError('SerializationException', `The body is not a JSON object: ${String(cause)}`);
  }
};
