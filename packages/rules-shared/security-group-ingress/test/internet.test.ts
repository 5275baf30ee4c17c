import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { rangesOf } from '../src/cidr.ts';
import { shareOf } from '../src/internet.ts';

/** Cuts a CIDR into halves, and some halves again. Together they are always the whole. */
const split = (address: number, bits: number, cuts: readonly boolean[]): string[] => {
  const [cut = false, ...rest] = cuts;
  if (!cut || bits === 32) return [`${dotted(address)}/${bits}`];
  const low = rest.filter((_, index) => index % 2 === 0);
  const high = rest.filter((_, index) => index % 2 === 1);
  return [...split(address, bits + 1, low), ...split(address + 2 ** (31 - bits), bits + 1, high)];
};

const dotted = (address: number) =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

const partition = fc.array(fc.boolean(), { maxLength: 60 }).map((cuts) => split(0, 0, [true, ...cuts]));

const share = (...cidrs: readonly string[]) => shareOf(cidrs.flatMap(rangesOf), 'ipv4');

describe('the share of the IPv4 internet', () => {
  test.for([
    [['0.0.0.0/0'], 1],
    [['9.9.9.9/0'], 1],
    [['128.0.0.0/1', '0.0.0.0/1'], 1],
    [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], 1],
    [['10.0.0.0/8', '0.0.0.0/0', '0.0.0.0/1'], 1],
    [['1.0.0.0/8', '2.0.0.0/8'], 2 / 220.67],
    [['1.0.0.0/8', '1.2.0.0/16', '1.0.0.0/8'], 1 / 220.67],
    [['0.0.0.0/1'], 124.75 / 220.67],
    [['128.0.0.0/1'], 96 / 220.67],
    [[], 0],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'], 0],
    [['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4', '0.0.0.0/8'], 0],
    [['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '198.18.0.0/15'], 0],
    [['::/0', 'pl-1', '', '0.0.0.0', '0.0.0.0/33', '256.0.0.0/0'], 0],
  ] as const)('the CIDRs %j are the share %d of it', ([cidrs, expected]) => {
    expect(share(...cidrs)).toBeCloseTo(expected, 3);
  });

  test('any partition of IPv4 is all of it, in any order and with parts twice', () => {
    fc.assert(
      fc.property(
        partition.chain((cidrs) =>
          fc.shuffledSubarray([...cidrs, ...cidrs], { minLength: cidrs.length * 2 }),
        ),
        (cidrs) => {
          expect(share(...cidrs)).toBe(1);
        },
      ),
    );
  });

  test('the parts of a partition of IPv4 have shares that add up to 1', () => {
    fc.assert(
      fc.property(partition, (cidrs) => {
        const sum = cidrs.reduce((total, cidr) => total + share(cidr), 0);
        expect(sum).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('the share of the IPv6 internet', () => {
  const share6 = (...cidrs: readonly string[]) => shareOf(cidrs.flatMap(rangesOf), 'ipv6');

  test.for([
    [['::/0']],
    [['0:0:0:0:0:0:0:0/0']],
    [['::/1', '8000::/1']],
    [['2000::/3']],
    [['2000::/4', '::/0']],
    [['8000::/1', '4000::/2', '2000::/3', '::/3']],
  ] as const)('the CIDRs %j are all of it', ([cidrs]) => {
    expect(share6(...cidrs)).toBe(1);
  });

  test.for([
    [['fc00::/7', 'fe80::/10', 'ff00::/8', '::/8', '8000::/1'], 0],
    [['2600::/12'], 0.124],
    [['2600::/12', '2600:1f00::/24'], 0.124],
    [['2400::/12', '2600::/12', '2800::/12', '2a00::/12', '2c00::/12'], 0.62],
    [['0.0.0.0/0', 'pl-1', '::', '::/129', '12345::/16'], 0],
  ] as const)('the CIDRs %j are the share %d of it', ([cidrs, expected]) => {
    expect(share6(...cidrs)).toBeCloseTo(expected, 2);
  });

  test('one address is more than nothing', () => {
    expect(share6('2600::1/128')).toBeGreaterThan(0);
  });
});
