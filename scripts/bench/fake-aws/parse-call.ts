import type { IncomingMessage } from 'node:http';

/** An AWS call. */
export interface Call {
  readonly accountId: string;
  readonly service: string;
  readonly operation: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** Access key ids of the bench contain their account id. */
export const accessKeyIdOf = (accountId: string): string => `ASIA${accountId}FAKE`;

/** Parses account, service and operation of a call from its signature and its protocol. */
export const parseCall = ({ method = '', url = '', headers }: IncomingMessage, body: string): Call => {
  const { pathname: path, searchParams: query } = new URL(url, 'http://fake');
  const [, keyId = '', , service = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  const operation =
    service === 's3'
      ? s3Operation(method, path, query)
      : typeof target === 'string'
        ? (target.split('.')[1] ?? target)
        : (new URLSearchParams(body).get('Action') ?? `${method} ${path}`);
  return { accountId: /\d{12}/.exec(keyId)?.[0] ?? 'unknown', service, operation, path, query, body };
};

const s3Operation = (method: string, path: string, query: URLSearchParams): string => {
  const [bucket = '', ...key] = path.slice(1).split('/');
  if (bucket === '') return 'ListBuckets';
  const verb = method === 'PUT' ? 'Put' : 'Get';
  if (key.join('/') !== '') return `${verb}Object`;
  const [part] = [...query.keys()].filter((name) => name !== 'x-id');
  return `${verb}Bucket${(part ?? 'Unknown').replace(/^./, (first) => first.toUpperCase())}`;
};
