import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ipv4Cover } from '../src/ipv4-share.ts';

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

describe('the cover of IPv4', () => {
  test.for([
    [['0.0.0.0/0'], ['0.0.0.0/0']],
    [
      ['128.0.0.0/1', '0.0.0.0/1'],
      ['0.0.0.0/1', '128.0.0.0/1'],
    ],
    [['10.0.0.0/8', '0.0.0.0/0', '0.0.0.0/1'], ['0.0.0.0/0']],
    [
      ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2', '10.0.0.0/8', '255.255.255.255/32'],
      ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2'],
    ],
    [['9.9.9.9/0'], ['9.9.9.9/0']],
    [[], []],
    [['0.0.0.0/1'], []],
    [['128.0.0.0/1'], []],
    [['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'], []],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], []],
    [['::/0', 'pl-1', '', '0.0.0.0', '0.0.0.0/33', '256.0.0.0/0'], []],
  ])('the CIDRs %j cover IPv4 with %j', ([cidrs = [], cover = []]) => {
    expect([...ipv4Cover(cidrs)].toSorted()).toEqual(cover.toSorted());
  });

  test('any partition of IPv4 covers it, in any order', () => {
    fc.assert(
      fc.property(
        partition.chain((cidrs) => fc.shuffledSubarray(cidrs, { minLength: cidrs.length })),
        (cidrs) => {
          expect(ipv4Cover(cidrs).size).toBe(cidrs.length);
        },
      ),
    );
  });

  test('a partition of IPv4 without one of its parts does not cover it', () => {
    fc.assert(
      fc.property(partition, fc.nat(), (cidrs, at) => {
        const rest = cidrs.toSpliced(at % cidrs.length, 1);
        expect(ipv4Cover([...rest, ...rest]).size).toBe(0);
      }),
    );
  });
});
