import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isIPv4 } from 'node:net';

import type { HostedDashboard } from '@compliance/core';

/** @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
export const VIEWER_FUNCTION_BYTES = 10 * 1024;

/**
 * The code of the function that admits only viewers of the allow list; `undefined` where an authenticator decides.
 * Requests reach it in CloudFront, so that others never reach the bucket.
 */
export const viewerFunction = ({ allow }: HostedDashboard): string | undefined =>
  allow && SOURCE.replace('PREFIXES = []', `PREFIXES = ${JSON.stringify(allow.map(prefixOf))}`);

// By the name of the package, so that it is found from a bundle of another one too.
const SOURCE = readFileSync(
  createRequire(import.meta.url).resolve('@compliance/infra/allow-list.js'),
  'utf8',
);

/** What every address of the range begins with, as the function compares it. */
const prefixOf = (range: string): string => {
  const [address = '', length = ''] = range.split('/');
  const bits = isIPv4(address) ? `4${binary(address.split('.'), 10, 8)}` : `6${bitsOfIPv6(address)}`;
  return bits.slice(0, 1 + Number(length));
};

const bitsOfIPv6 = (address: string): string => {
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  return [head, tail]
    .map((parts) => binary(parts, 16, 16))
    .join('0'.repeat(16 * (8 - head.length - tail.length)));
};

const binary = (parts: readonly string[], base: number, width: number): string =>
  parts.map((part) => Number.parseInt(part, base).toString(2).padStart(width, '0')).join('');
