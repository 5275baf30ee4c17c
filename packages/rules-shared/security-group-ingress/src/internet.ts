import { addressesIn, complementOf, rangesOf, type Family, type Range } from './cidr.ts';

/** Counts the addresses of the internet of a family in the union of these ranges. */
export const internetAddresses = (ranges: readonly Range[], family: Family): bigint => {
  const own = ranges.filter((range) => range.family === family);
  const { blocks, size } = INTERNET[family];
  return addressesIn(own) + size - addressesIn([...own, ...blocks]);
};

/** The share of the internet of a family that a number of its addresses is: 1 is all of it. */
export const shareOfInternet = (addresses: bigint, family: Family): number =>
  Number(addresses) / Number(INTERNET[family].size);

/** The share that the union of these ranges covers: for IPv4, 1 for `0.0.0.0/0` and 0 for `10.0.0.0/8`. */
export const shareOf = (ranges: readonly Range[], family: Family): number =>
  shareOfInternet(internetAddresses(ranges, family), family);

/** `all of IPv4`, or `57% of IPv4`: addresses outside of the internet do not count. */
export const describeShare = (share: number, family: Family): string => {
  const name = NAMES[family];
  if (share === 1) return `all of ${name}`;
  return share < 0.01 ? `less than 1% of ${name}` : `${Math.min(99, Math.ceil(share * 100))}% of ${name}`;
};

export const NAMES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;

const internet = (blocks: readonly Range[]) => ({ blocks, size: addressesIn(blocks) });

const INTERNET = {
  /**
   * All but the blocks from which no host on the internet sends.
   * Those that IANA does not list as globally reachable, multicast, and what is reserved. 192.0.0.0/24 is left out whole,
   * though two of its addresses are reachable.
   * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
   * @see https://www.iana.org/assignments/ipv4-address-space/ipv4-address-space.xhtml
   */
  ipv4: internet(
    complementOf(
      [
        '0.0.0.0/8',
        '10.0.0.0/8',
        '100.64.0.0/10',
        '127.0.0.0/8',
        '169.254.0.0/16',
        '172.16.0.0/12',
        '192.0.0.0/24',
        '192.0.2.0/24',
        '192.88.99.0/24',
        '192.168.0.0/16',
        '198.18.0.0/15',
        '198.51.100.0/24',
        '203.0.113.0/24',
        '224.0.0.0/4',
        '240.0.0.0/4',
      ].flatMap(rangesOf),
      'ipv4',
    ),
  ),
  /**
   * The blocks that IANA gave to the regional registries. Of the whole 2000::/3 they are a fiftieth: measured by it,
   * sources that admit every host on the internet would be a small share. 2001::/16 counts whole, though parts of it are
   * for documentation and the like.
   * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments/ipv6-unicast-address-assignments.xhtml
   */
  ipv6: internet(
    [
      '2001::/16',
      '2003::/18',
      '2400::/12',
      '2410::/12',
      '2600::/12',
      '2610::/23',
      '2620::/23',
      '2630::/12',
      '2800::/12',
      '2a00::/12',
      '2a10::/12',
      '2c00::/12',
    ].flatMap(rangesOf),
  ),
} as const;
