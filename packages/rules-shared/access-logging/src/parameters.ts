import * as z from 'zod';

/** The parameters of the rules on stages. `route`: the variable that names what was called. */
export const accessLogParameters = (route: 'resourcePath' | 'routeKey') =>
  z.object({
    logGroupArn: z
      .string()
      .startsWith('arn:')
      .nullable()
      .default(null)
      .describe(
        'The ARN of the log group, or of the delivery stream amazon-apigateway-…, that takes the log; {accountId}, {region} and {partition} are replaced. It must exist. null: a person decides.',
      ),
    format: z
      .string()
      .regex(
        /\$context\.(requestId|extendedRequestId)/,
        'must contain $context.requestId or $context.extendedRequestId',
      )
      .default(
        JSON.stringify(
          Object.fromEntries([...FIELDS, route].map((name) => [name, VARIABLES[name] ?? `$context.${name}`])),
        ),
      )
      .describe('What the log says of a request, in the variables of API Gateway.'),
  });

const FIELDS = ['requestId', 'ip', 'requestTime', 'httpMethod', 'status', 'protocol', 'responseLength'];
const VARIABLES: Readonly<Record<string, string>> = { ip: '$context.identity.sourceIp' };
