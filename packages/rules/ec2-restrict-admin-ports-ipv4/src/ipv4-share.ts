import * as z from 'zod';

/** IPv4 addresses from `first` up to, but not including, `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** The range of an IPv4 CIDR; none for anything else. */
export const rangesOf = (cidr: string): Range[] => {
  if (!Cidr.safeParse(cidr).success) return [];
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = cidr.split(/[./]/).map(Number);
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return [{ first, end: first + size }];
};

const Cidr = z.cidrv4();

/** The share of the IPv4 internet that the union of these ranges covers: 1 for `0.0.0.0/0`, 0 for `10.0.0.0/8`. */
export const shareOf = (ranges: readonly Range[]): number =>
  (addressesIn([...ranges, ...NOT_ROUTABLE]) - NOT_ROUTABLE_ADDRESSES) / (2 ** 32 - NOT_ROUTABLE_ADDRESSES);

/** Counts the addresses in the union. */
const addressesIn = (ranges: readonly Range[]): number => {
  let count = 0;
  let counted = 0;
  for (const { first, end } of ranges.toSorted(byStart)) {
    count += Math.max(0, end - Math.max(first, counted));
    counted = Math.max(counted, end);
  }
  return count;
};

const byStart = (a: Range, b: Range) => a.first - b.first;

/**
 * The blocks from which no host on the internet sends.
 * Those that IANA does not list as globally reachable, multicast, and what is reserved. 192.0.0.0/24 is left out whole,
 * though two of its addresses are reachable.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 * @see https://www.iana.org/assignments/ipv4-address-space/ipv4-address-space.xhtml
 */
const NOT_ROUTABLE = [
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
].flatMap(rangesOf);

const NOT_ROUTABLE_ADDRESSES = addressesIn(NOT_ROUTABLE);
