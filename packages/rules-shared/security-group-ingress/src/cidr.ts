import * as z from 'zod';

export const FAMILIES = ['ipv4', 'ipv6'] as const;
export type Family = (typeof FAMILIES)[number];

/** Addresses of one family from `first` up to, but not including, `end`. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly end: bigint;
}

/** The family of an address or a CIDR. */
export const familyOf = (address: string): Family => (address.includes(':') ? 'ipv6' : 'ipv4');

/** The range of a CIDR, with or without bits after its prefix; none for anything else. */
export const rangesOf = (cidr: string): Range[] => {
  const family = familyOf(cidr);
  if (!Cidr[family].safeParse(cidr).success) return [];
  const [address = '', length = ''] = cidr.split('/');
  const size = 1n << (BITS[family] - BigInt(length));
  const value = family === 'ipv4' ? ipv4Value(address) : ipv6Value(address);
  const first = value - (value % size);
  return [{ family, first, end: first + size }];
};

/** Counts the addresses in the union of ranges of one family. */
export const addressesIn = (ranges: readonly Range[]): bigint => {
  let count = 0n;
  let counted = 0n;
  for (const { first, end } of ranges.toSorted(byStart)) {
    if (end <= counted) continue;
    count += end - (first > counted ? first : counted);
    counted = end;
  }
  return count;
};

/** Whether the union of these ranges has all addresses of one. */
export const covers = (ranges: readonly Range[], one: Range): boolean => {
  const own = ranges.filter(({ family }) => family === one.family);
  return addressesIn([...own, one]) === addressesIn(own);
};

/** The addresses of a family that are in none of these ranges. */
export const complementOf = (ranges: readonly Range[], family: Family): Range[] => {
  const complement: Range[] = [];
  let next = 0n;
  const after = 1n << BITS[family];
  for (const { first, end } of [...ranges.toSorted(byStart), { first: after, end: after }]) {
    if (first > next) complement.push({ family, first: next, end: first });
    if (end > next) next = end;
  }
  return complement;
};

/** The schema of a CIDR of a family. */
export const Cidr = { ipv4: z.cidrv4(), ipv6: z.cidrv6() } as const;

const BITS = { ipv4: 32n, ipv6: 128n } as const;

const ipv4Value = (address: string): bigint =>
  address.split('.').reduce((value, byte) => value * 256n + BigInt(byte), 0n);

const ipv6Value = (address: string): bigint => {
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].reduce((value, group) => value * 65_536n + BigInt(`0x${group}`), 0n);
};

const byStart = (a: { readonly first: bigint }, b: { readonly first: bigint }) =>
  a.first < b.first ? -1 : Number(a.first > b.first);
