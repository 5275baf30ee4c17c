import { createHash, createHmac } from 'node:crypto';
import type { Credentials } from '../src/iam/credentials.ts';

/** Presigns GetCallerIdentity with extra signed headers, by the specification instead of the code under test. */
export const presign = (
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  extraHeaders: Record<string, string>,
  at: Date = new Date(),
): { url: string; headers: Record<string, string> } => {
  const date = `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const scope = [date.slice(0, 8), 'us-east-1', 'sts', 'aws4_request'];
  const headers: Record<string, string> = { ...extraHeaders, host: new URL(endpoint).host };
  const names = Object.keys(headers).toSorted();
  const query = new Map([
    ['Action', 'GetCallerIdentity'],
    ['Version', '2011-06-15'],
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', [accessKeyId, ...scope].join('/')],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', '60'],
    ['X-Amz-SignedHeaders', names.join(';')],
  ]);
  if (sessionToken !== undefined) query.set('X-Amz-Security-Token', sessionToken);
  const canonicalQuery = [...query]
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .toSorted()
    .join('&');
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = [
    'GET',
    '/',
    canonicalQuery,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    sha256(''),
  ];
  let key: string | Buffer = `AWS4${secretAccessKey}`;
  for (const part of scope) key = createHmac('sha256', key).update(part).digest();
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical.join('\n'))].join('\n');
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  return { url: `${endpoint}/?${canonicalQuery}&X-Amz-Signature=${signature}`, headers: extraHeaders };
};
