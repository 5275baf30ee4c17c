import * as z from 'zod';

import { rangesOf, shareOf } from './ipv4-share.ts';

export const Parameters = z
  .object({
    ports: z
      .array(z.int().min(0).max(65_535))
      .min(1)
      .default([22, 3389])
      .describe('The administration ports, over TCP and UDP.'),
    maxOpenShare: z
      .number()
      .min(0)
      .lt(1)
      .default(0.5)
      .describe(
        'The share of the IPv4 internet to which a port may be open, by all rules of a group together: 0.5 is half. Private and reserved addresses do not count.',
      ),
    replacementCidrs: z
      .array(z.cidrv4())
      .default([])
      .describe('The CIDRs that a fix admits on the same ports instead of the sources it revokes.'),
  })
  .refine(
    ({ replacementCidrs, maxOpenShare }) => shareOf(replacementCidrs.flatMap(rangesOf)) <= maxOpenShare,
    { path: ['replacementCidrs'], message: 'These CIDRs admit more than maxOpenShare again.' },
  );
export type Parameters = z.infer<typeof Parameters>;
