import { randomUUID } from 'node:crypto';
import type { AwsError } from './aws-error.ts';
import type { Protocol, RawReply } from './call.ts';

/** The reply of a JSON service; dates become seconds since 1970. */
export const jsonReply = (value: unknown, status = 200): RawReply => ({
  type: 'raw',
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
  body: JSON.stringify(epochDates(value) ?? {}),
});

/** The reply of a query service (IAM, STS, SNS …); `result` is XML. */
export const queryReply = (operation: string, result: string): RawReply =>
  xmlReply(
    200,
    `<${operation}Response><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
  );

/** Encodes a flat record as XML elements. */
export const xmlElements = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join('');

/** Encodes an error in a protocol, so that the SDK reads its code and message. */
export const errorReply = (
  protocol: Protocol,
  { code, message, status }: Pick<AwsError, 'code' | 'message' | 'status'>,
): RawReply => {
  const detail = xmlElements({ Code: code, Message: message });
  const requestId = randomUUID();
  switch (protocol) {
    case 'json':
      return jsonReply({ __type: code, message, Message: message }, status);
    case 'rest-json':
      return {
        type: 'raw',
        status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-errortype': code,
          'x-amzn-requestid': requestId,
        },
        body: JSON.stringify({ message, Message: message }),
      };
    case 'query': {
      const type = status >= 500 ? 'Receiver' : 'Sender';
      return xmlReply(
        status,
        `<ErrorResponse><Error><Type>${type}</Type>${detail}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
      );
    }
    case 'ec2':
      return xmlReply(
        status,
        `<Response><Errors><Error>${detail}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      );
    case 'rest-xml':
      return xmlReply(status, `<Error>${detail}<RequestId>${requestId}</RequestId></Error>`);
    case 'cbor':
      return {
        type: 'raw',
        status,
        headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cborMap({ __type: code, message }),
      };
    default:
      throw new Error(`Unknown protocol: ${JSON.stringify(protocol satisfies never)}`);
  }
};

const xmlReply = (status: number, body: string): RawReply => ({
  type: 'raw',
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
});

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (value: string): string => value.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char);

const epochDates = (value: unknown): unknown => {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(epochDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, epochDates(item)]));
};

// A map of two strings needs no CBOR library. Major type 3 is text, 0xa0 + n a map; 0x79 has a 16-bit length.
const cborMap = (values: Readonly<Record<string, string>>): Buffer => {
  const cborText = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([0x79, Math.floor(bytes.length / 256), bytes.length % 256]), bytes]);
  };
  const entries = Object.entries(values);
  return Buffer.concat([Buffer.from([0xa0 + entries.length]), ...entries.flat().map(cborText)]);
};
