import type { IncomingMessage } from 'node:http';

/** A call as AWS would understand it. */
export interface Call {
  readonly accountId: string;
  readonly service: string;
  readonly operation: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

/** The access key ids of the bench hold the account they are of. */
export const accessKeyIdOf = (accountId: string): string => `ASIA${accountId}FAKE`;

/** Whose call it is, to which service and for what: from its signature, and what each protocol names it by. */
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
