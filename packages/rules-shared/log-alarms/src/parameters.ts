import * as z from 'zod';

export const Parameters = z.object({
  snsTopicArn: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'The topic that an alarm of a fix notifies, in the Region of the log group. It needs a confirmed subscription.',
    ),
  metricNamespace: z
    .string()
    .regex(/^(?!AWS\/)[\w./#:-]{1,255}$/)
    .default('CISBenchmark')
    .describe('The namespace of the metric that a fix creates.'),
  maxThreshold: z
    .int()
    .positive()
    .default(1)
    .describe(
      'How many events within a period must raise the alarm, at the latest. A fix uses it as the threshold.',
    ),
  confirmedTopicArns: z
    .array(z.string())
    .default([])
    .describe(
      'Topics of other accounts that this account may not read, and that have a confirmed subscription.',
    ),
});
export type Parameters = z.infer<typeof Parameters>;
