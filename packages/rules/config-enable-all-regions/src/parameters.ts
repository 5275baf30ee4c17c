import * as z from 'zod';

export const Parameters = z.object({
  globalTypesRegion: z
    .string()
    .nullable()
    .default(null)
    .describe('The Region that must record the types of IAM; null: any one.'),
  requireServiceLinkedRole: z
    .boolean()
    .default(false)
    .describe('Recorders must have the service-linked role, as Security Hub wants it.'),
  allowExclusions: z
    .array(z.string())
    .default([])
    .describe('Resource types that a recorder may leave out, such as AWS::EC2::NetworkInterface.'),
});
export type Parameters = z.infer<typeof Parameters>;
