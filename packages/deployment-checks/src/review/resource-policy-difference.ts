import * as z from 'zod';

import { parsePolicyDocument } from '../model/policy-document.ts';
import { AccountIds } from '../plan/aws-resources.ts';
import { isUnknown, type PlanJson, type ResourceChange } from '../plan/plan-json.ts';
import { expressionsOf } from '../plan/references.ts';
import type { AccessChange } from './access-difference.ts';
import { kindOf } from './change-summary.ts';
import { describeStatement, isDenial } from './describe-statement.ts';

/** Changes of resource policies, and of who may run the SSM document. */
export const resourcePolicyDifference = (plan: PlanJson): readonly AccessChange[] =>
  plan.resource_changes
    .filter((resource) => kindOf(resource) !== undefined)
    .flatMap((resource) => [
      ...policyChanges(
        resource,
        Object.hasOwn(expressionsOf(plan, resource) ?? {}, POLICIES[resource.type] ?? ''),
      ),
      ...sharingChanges(resource),
      ...unreviewed(resource),
    ]);

/** The argument that is a policy, by type of the AWS provider. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_cloudwatch_event_bus_policy: 'policy',
  aws_cloudwatch_log_resource_policy: 'policy_document',
  aws_dynamodb_resource_policy: 'policy',
  aws_kms_key: 'policy',
  aws_kms_key_policy: 'policy',
  aws_s3_bucket_policy: 'policy',
  aws_secretsmanager_secret_policy: 'policy',
  aws_sns_topic: 'policy',
  aws_sns_topic_policy: 'policy',
  aws_sqs_queue: 'policy',
  aws_sqs_queue_policy: 'policy',
};

/** @param isInCode whether the code sets the policy; AWS sets a default one for queues and topics. */
const policyChanges = (
  { address, type, change }: ResourceChange,
  isInCode: boolean,
): readonly AccessChange[] => {
  const name = POLICIES[type];
  if (name === undefined) return [];
  const [was, is] = [statementsIn(change.before?.[name]), statementsIn(change.after?.[name])];
  const changes = (
    statements: readonly DescribedStatement[],
    widens: (statement: DescribedStatement) => boolean,
    verb: readonly [string, string],
  ) =>
    statements.map((statement) => ({
      widens: widens(statement),
      who: address,
      what: `${statement.denies ? verb[1] : verb[0]} ${statement.text}`,
    }));
  return [
    ...changes(without(is.statements, was.statements), ({ denies }) => !denies, ['now allows', 'now denies']),
    ...changes(without(was.statements, is.statements), ({ denies }) => denies, [
      'no longer allows',
      'no longer denies',
    ]),
    ...(isInCode && isUnknown(change, name)
      ? [{ widens: true, who: address, what: 'has a policy that is known only after apply' }]
      : []),
    ...(is.isInvalid ? [{ widens: true, who: address, what: 'has a policy that cannot be parsed' }] : []),
  ];
};

interface DescribedStatement {
  readonly denies: boolean;
  readonly text: string;
}

const statementsIn = (
  policy: unknown,
): { readonly statements: readonly DescribedStatement[]; readonly isInvalid: boolean } => {
  if (policy === undefined || policy === null || policy === '') return { statements: [], isInvalid: false };
  const document = parsePolicyDocument(policy);
  return {
    statements: (document?.Statement ?? []).map((statement) => ({
      denies: isDenial(statement),
      text: describeStatement(statement),
    })),
    isInvalid: !document,
  };
};

const without = (
  all: readonly DescribedStatement[],
  some: readonly DescribedStatement[],
): readonly DescribedStatement[] =>
  all.filter(({ denies, text }) => !some.some((other) => other.denies === denies && other.text === text));

const sharingChanges = ({ address, type, change }: ResourceChange): readonly AccessChange[] => {
  if (type !== 'aws_ssm_document') return [];
  const [was, is] = [accountsIn(change.before), accountsIn(change.after)];
  const changes = (widens: boolean, ids: readonly string[]) =>
    ids.map((id) => ({
      widens,
      who: address,
      what: `may ${widens ? 'now' : 'no longer'} be run by account ${id}`,
    }));
  return [
    ...changes(
      true,
      is.filter((id) => !was.includes(id)),
    ),
    ...changes(
      false,
      was.filter((id) => !is.includes(id)),
    ),
    ...(isUnknown(change, 'permissions')
      ? [{ widens: true, who: address, what: 'is shared with accounts that are known only after apply' }]
      : []),
  ];
};

const Sharing = z.object({ permissions: z.object({ account_ids: AccountIds }) });

const accountsIn = (values: unknown): readonly string[] =>
  Sharing.safeParse(values).data?.permissions.account_ids ?? [];

/** Types that this review covers, here or in `accessDifference`. */
const REVIEWED = [
  ...Object.keys(POLICIES),
  'aws_iam_role',
  'aws_iam_policy',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_lambda_permission',
  'aws_lambda_resource_policy',
];

/** Types that may grant access, but that this review does not cover. */
const unreviewed = ({ address, type }: ResourceChange): readonly AccessChange[] =>
  /^aws_iam_|_policy(_|$)|_permission(_|$)|_grant(_|$)|^aws_ssoadmin_|^aws_ram_/.test(type) &&
  !REVIEWED.includes(type)
    ? [
        {
          widens: true,
          who: address,
          what: `changes, but this review does not cover ${type}: review it by hand`,
        },
      ]
    : [];
