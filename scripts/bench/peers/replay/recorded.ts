import type { IncomingMessage } from 'node:http';

/** The answer of AWS to a call: a line of a recording. */
export interface Recorded {
  readonly key: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Each character is a byte. */
  readonly body: string;
}

export type CallHead = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/**
 * The call in the Region of the trail that it names. AWS knows a trail in other Regions by its ARN; the emulator does not.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
 */
export const atHomeOfTrail = ({ method, url, headers }: CallHead, body: string): CallHead => {
  const [, home] = /"arn:aws:cloudtrail:([\w-]+):/.exec(body) ?? [];
  if (home === undefined) return { method, url, headers };
  const authorization = headers.authorization?.replace(/\/[\w-]+\/cloudtrail\//, `/${home}/cloudtrail/`);
  return { method, url, headers: { ...headers, authorization } };
};

/** What a call asks, whenever and by which program: equal keys have equal answers. */
export const callKey = (head: CallHead, body: string): string => {
  const { method, headers } = head;
  const { region, service } = scopeOf(head);
  const [path = '', query = ''] = pathOf(head).split('?');
  const parameters = new URLSearchParams(query);
  parameters.sort();
  const target = String(headers['x-amz-target'] ?? '');
  const isGlobal = GLOBAL_SERVICES.has(service) || path.startsWith(S3_CONTROL);
  const place = isGlobal ? service : `${region} ${service}`;
  return withoutTimes([place, target, method, path, parameters.toString(), body].join(' ')).replaceAll(
    OWN_ADDRESS,
    SELF,
  );
};

/** Services that answer alike in every Region: a program may ask in any, and in another one in the next run. */
const GLOBAL_SERVICES = new Set(['account', 'cloudfront', 'iam', 'organizations', 'sts']);
/** The settings of an account in S3. */
const S3_CONTROL = '/v20180820/';

/** The address of this server in a call or an answer, such as that of a queue: the next server has another port. */
export const OWN_ADDRESS = /127\.0\.0\.1(?::|%3A)\d+/g;
export const SELF = 'SELF';

/** What a call is named in figures: `iam:GetUser`, or `s3:GET /path` where the path names the operation. */
export const operationOf = (head: CallHead, body: string): string => {
  const { method, headers } = head;
  const target = headers['x-amz-target']?.toString().split('.').at(-1);
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  return `${scopeOf(head).service}:${target ?? action ?? `${method} ${pathOf(head).split('?')[0]}`}`;
};

/** The path and the query. A client that uses a proxy asks for the whole address, whose host may be no valid one. */
export const pathOf = ({ url = '' }: CallHead): string => url.replace(/^http:\/\/[^/]*/, '');

/** Region and service, as the call is signed. */
const scopeOf = ({ headers }: CallHead) => {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return { region, service };
};

/** Times that a program computes from the present differ from run to run: `StartTime=…`, `"endTime": 1764…`. */
const withoutTimes = (call: string): string => call.replaceAll(/(time|date)("?[=:]\s*"?)[^"&,} ]+/gi, '$1$2');
