import * as z from 'zod';

/**
 * The widest CIDRs if they cover all of IPv4; otherwise none.
 * CIDRs inside another one are left out. `0.0.0.0/1` and `128.0.0.0/1` cover all of IPv4, like `0.0.0.0/0`.
 */
export const ipv4Cover = (cidrs: readonly string[]): ReadonlySet<string> => {
  const widest: Range[] = [];
  for (const range of cidrs.flatMap(rangesOf).toSorted(byStart)) {
    const last = widest.at(-1) ?? NOTHING;
    // Two CIDRs are disjoint, equal or nested. After a gap no range is adjacent, so the end is not reached.
    if (range.first === last.end || isSame(range, last)) widest.push(range);
  }
  return new Set(widest.at(-1)?.end === ADDRESSES ? widest.map(({ cidr }) => cidr) : []);
};

const ADDRESSES = 2 ** 32;

/** From `first` up to, but not including, `end`. */
interface Range {
  readonly cidr: string;
  readonly first: number;
  readonly end: number;
}

const NOTHING: Range = { cidr: '', first: 0, end: 0 };

/** Anything but an IPv4 CIDR holds no IPv4 address. */
const rangesOf = (cidr: string): Range[] => {
  if (!Cidr.safeParse(cidr).success) return [];
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = cidr.split(/[./]/).map(Number);
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const first = address - (address % size);
  return [{ cidr, first, end: first + size }];
};

const Cidr = z.cidrv4();

const byStart = (a: Range, b: Range) => a.first - b.first || b.end - a.end;

const isSame = (a: Range, b: Range) => a.first === b.first && a.end === b.end;
