import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { restrictPublicPolicies } from '@compliance/public-policies';

import { functionArn, functionPolicy, readFunctionPolicies } from './function-policies.ts';

const FUNCTIONS = 'arn:*:lambda:*:*:function:*';

/**
 * What AWS asks for beside the operation's own action, to read, replace or delete a whole policy.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html "Required permissions"
 */
const implied = (action: string) => ({ action, resource: FUNCTIONS, implied: true });
const PUT = [
  { action: 'lambda:PutResourcePolicy', resource: FUNCTIONS },
  implied('lambda:AddPermission'),
  implied('lambda:RemovePermission'),
];

export const rule = restrictPublicPolicies({
  command: 'LAMBDA_RESTRICT_PUBLIC_POLICIES',
  noun: 'a function',
  resourceType: 'AWS::Lambda::Function',
  resource: { tagFilter: 'lambda:function', arn: functionArn },
  triggers: ['schedule'],
  equivalents: {
    config: ['LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED'],
    securityHub: ['Lambda.1'],
    prowler: ['awslambda_function_not_publicly_accessible'],
  },
  partly: 'Policies of layers.',
  permissions: {
    list: ['lambda:ListFunctions'],
    get: [
      'lambda:ListVersionsByFunction',
      'lambda:ListAliases',
      'lambda:GetResourcePolicy',
      implied('lambda:GetPolicy'),
    ],
    fix: [...PUT, { action: 'lambda:DeleteResourcePolicy', resource: FUNCTIONS }],
    undo: PUT,
  },

  document: functionPolicy,
  read: readFunctionPolicies,
  gone: ['ResourceNotFoundException'],
  list: async function* (session) {
    for await (const { Functions = [] } of paginateListFunctions(
      { client: session.client(LambdaClient) },
      {},
    ))
      for (const { FunctionName } of Functions) if (FunctionName !== undefined) yield FunctionName;
  },
  nameOf: (name) => name,

  inCode: {
    terraform: 'aws_lambda_permission: principal that names an account or a service, with source_arn',
    cloudFormation: 'AWS::Lambda::Permission: Principal that names an account or a service, with SourceArn',
  },
});
