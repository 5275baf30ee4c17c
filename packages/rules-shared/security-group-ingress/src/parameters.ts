import * as z from 'zod';

import { Cidr, rangesOf, type Family } from './cidr.ts';
import { NAMES, shareOf } from './internet.ts';

export interface Parameters {
  readonly ports: readonly number[];
  readonly maxOpenShare: number;
  readonly replacementCidrs: readonly string[];
}

/** The schema of the parameters of a rule on these ports and families. */
export const ingressParameters = (
  ports: readonly number[],
  families: readonly Family[],
  describedAs: string,
) => {
  const names = families.map((family) => NAMES[family]).join(' or ');
  return z
    .object({
      ports: z
        .array(z.int().min(0).max(65_535))
        .min(1)
        .default([...ports])
        .describe(`The ${describedAs}, over TCP and UDP.`),
      maxOpenShare: z
        .number()
        .min(0)
        .lt(1)
        .default(0.5)
        .describe(
          `The share of the ${names} internet to which a port may be open, by all rules of a group together: 0.5 is half. ${WITHOUT[families.length === 1 && families[0] === 'ipv6' ? 'ipv6' : 'ipv4']} do not count.`,
        ),
      replacementCidrs: z
        .array(families.length > 1 ? z.union([Cidr.ipv4, Cidr.ipv6]) : Cidr[families[0] ?? 'ipv4'])
        .default([])
        .describe('The CIDRs that a fix admits on the same ports instead of the sources it revokes.'),
    })
    .refine(
      ({ replacementCidrs, maxOpenShare }) =>
        families.every((family) => shareOf(replacementCidrs.flatMap(rangesOf), family) <= maxOpenShare),
      { path: ['replacementCidrs'], message: 'These CIDRs admit more than maxOpenShare again.' },
    );
};

const WITHOUT = {
  ipv4: 'Private and reserved addresses',
  ipv6: 'Addresses that no regional registry has',
} as const;
