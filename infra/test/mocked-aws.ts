interface MockedPlace {
  readonly accountId: string;
  readonly region: string;
}

/** Attributes that are known after creation, in the form that other resources require. */
const ARNS = {
  aws_dynamodb_table: 'arn:aws:dynamodb:eu-west-1:999988887777:table/mocked',
  aws_iam_role: 'arn:aws:iam::999988887777:role/mocked',
  aws_iam_policy: 'arn:aws:iam::999988887777:policy/mocked',
  aws_sns_topic: 'arn:aws:sns:eu-west-1:999988887777:mocked',
  aws_kms_key: 'arn:aws:kms:eu-west-1:999988887777:key/mocked',
  aws_sqs_queue: 'arn:aws:sqs:eu-west-1:999988887777:mocked',
  aws_lambda_function: 'arn:aws:lambda:eu-west-1:999988887777:function:mocked',
  aws_ssm_document: 'arn:aws:ssm:eu-west-1:999988887777:document/mocked',
  aws_cloudwatch_log_group: 'arn:aws:logs:eu-west-1:999988887777:log-group:mocked',
  aws_cloudwatch_event_bus: 'arn:aws:events:eu-west-1:999988887777:event-bus/mocked',
  aws_cloudfront_distribution: 'arn:aws:cloudfront::999988887777:distribution/MOCKED',
  aws_cloudfront_function: 'arn:aws:cloudfront::999988887777:function/mocked',
  aws_cloudwatch_event_rule: 'arn:aws:events:eu-west-1:999988887777:rule/mocked',
};

const block = (head: string, body: string) => `${head} {\n${body}\n}\n`;
const defaults = (kind: string, type: string, values: object) =>
  block(`  ${kind} "${type}"`, `    defaults = ${JSON.stringify(values)}`);

/** A mocked provider whose credentials belong to this account and Region. */
export const mockedAws = (alias: string, { accountId, region }: MockedPlace): string =>
  block(
    'mock_provider "aws"',
    [
      `  alias = "${alias}"`,
      ...Object.entries(ARNS).map(([type, arn]) => defaults('mock_resource', type, { arn })),
      defaults('mock_data', 'aws_caller_identity', { account_id: accountId }),
      defaults('mock_data', 'aws_partition', { partition: 'aws' }),
      defaults('mock_data', 'aws_region', { id: region, name: region }),
      defaults('mock_data', 'aws_organizations_organization', {
        accounts: ['999988887777', '111122223333', '444455556666', '777788889999'].map((id) => ({ id })),
      }),
    ].join('\n'),
  );

export interface Run {
  readonly name: string;
  readonly module: string;
  readonly command?: 'plan' | 'apply';
  readonly provider?: string;
  /** Terraform expressions. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Condition → error message. */
  readonly asserts?: Readonly<Record<string, string>>;
  readonly expectFailures?: readonly string[];
}

export const testRun = ({
  name,
  module,
  command = 'apply',
  provider = 'home',
  variables = {},
  asserts = {},
  expectFailures = [],
}: Run): string =>
  block(
    `run "${name}"`,
    [
      `  command = ${command}`,
      block('  module', `    source = "./${module}"`),
      `  providers = { aws = aws.${provider} }`,
      block(
        '  variables',
        Object.entries(variables)
          .map(([key, value]) => `    ${key} = ${value}`)
          .join('\n'),
      ),
      ...Object.entries(asserts).map(([condition, message]) =>
        block('  assert', `    condition = ${condition}\n    error_message = ${JSON.stringify(message)}`),
      ),
      ...(expectFailures.length > 0 ? [`  expect_failures = [${expectFailures.join(', ')}]`] : []),
    ].join('\n'),
  );
