import type { Call } from '../src/protocol/call.ts';

/** Creates a call as the gateway passes it to a handler. */
export const call = (
  name: `${string}:${string}`,
  input: Record<string, unknown> = {},
  accountId = '111122223333',
): Call => {
  const [service = '', operation = ''] = name.split(':');
  return {
    service,
    operation,
    accountId,
    region: 'eu-west-1',
    principal: { type: 'admin', accountId, arn: `arn:aws:iam::${accountId}:root`, userId: accountId },
    input,
    protocol: 'json',
    request: { method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
  };
};
