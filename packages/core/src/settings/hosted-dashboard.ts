import { isIP } from 'node:net';

import * as z from 'zod';

// A length of 0 would admit everybody.
const NOT_A_RANGE = 'is not a range of addresses such as 203.0.113.0/24 or 2001:db8::/32';

/** A range of addresses in CIDR notation. */
const AddressRange = z
  .string()
  .regex(/^[\da-fA-F.:]+\/[1-9]\d{0,2}$/, NOT_A_RANGE)
  .refine((text) => {
    const [address = '', length] = text.split('/');
    if (address.includes(':') && address.includes('.')) return false;
    const version = isIP(address);
    return version !== 0 && Number(length) <= (version === 4 ? 32 : 128);
  }, NOT_A_RANGE);

/** The dashboard behind CloudFront. */
export const HostedDashboard = z
  .strictObject({
    /** The ranges of addresses from which it can be reached. An empty list admits nobody. */
    allow: z.array(AddressRange).optional(),
    /** A version of a Lambda@Edge function that asks your identity provider at each request, in place of `allow`. */
    authenticatorArn: z
      .string()
      .regex(
        /^arn:aws:lambda:us-east-1:\d{12}:function:[\w-]+:\d+$/,
        'is not the ARN of a version of a function in us-east-1, as Lambda@Edge needs it',
      )
      .optional(),
    /** A name of your own, with its certificate. Without one, CloudFront gives a name, and admits old versions of TLS. */
    domain: z
      .strictObject({
        name: z.string().regex(/^(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z]{2,}$/, 'is not a name of a host'),
        certificateArn: z
          .string()
          .regex(
            /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
            'is not the ARN of a certificate in us-east-1, as CloudFront needs it',
          ),
      })
      .optional(),
  })
  .refine(({ allow, authenticatorArn }) => (allow === undefined) !== (authenticatorArn === undefined), {
    error:
      'needs one of allow and authenticatorArn: CloudFront runs one function at each request of a viewer',
  });

export type HostedDashboard = Readonly<z.infer<typeof HostedDashboard>>;
