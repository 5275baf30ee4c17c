import * as z from 'zod';

import { isUnknown, type PlanJson, type ResourceChange } from '../plan/plan-json.ts';
import { expressionsOf } from '../plan/references.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import type { AccessChange } from './access-difference.ts';
import { kindOf } from './change-summary.ts';
import { describeStatement, isDenial } from './describe-statement.ts';

/** What the policies of buckets, keys, topics, queues and the like let others do, and who may run the document. */
export const resourcePolicyDifference = (plan: PlanJson): readonly AccessChange[] =>
  plan.resource_changes
    .filter((resource) => kindOf(resource) !== undefined)
    .flatMap((resource) => [
      ...policyChanges(
        resource,
        Object.hasOwn(expressionsOf(plan, resource) ?? {}, POLICIES[resource.type] ?? ''),
      ),
      ...sharingChanges(resource),
      ...notUnderstood(resource),
    ]);

/** By type of the AWS provider: the argument that is a policy. */
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

/** @param isSaid whether the code gives the policy; AWS gives one to queues and topics that have none. */
const policyChanges = (
  { address, type, change }: ResourceChange,
  isSaid: boolean,
): readonly AccessChange[] => {
  const name = POLICIES[type];
  if (name === undefined) return [];
  const [was, is] = [statementsIn(change.before?.[name]), statementsIn(change.after?.[name])];
  const tell = (texts: readonly Told[], widens: (told: Told) => boolean, verb: readonly [string, string]) =>
    texts.map((told) => ({
      widens: widens(told),
      who: address,
      what: `${told.denies ? verb[1] : verb[0]} ${told.text}`,
    }));
  return [
    ...tell(without(is.told, was.told), ({ denies }) => !denies, ['now lets', 'now denies']),
    ...tell(without(was.told, is.told), ({ denies }) => denies, ['no longer lets', 'no longer denies']),
    ...(isSaid && isUnknown(change, name)
      ? [{ widens: true, who: address, what: 'has a policy that is known only after apply' }]
      : []),
    ...(is.odd ? [{ widens: true, who: address, what: 'has a policy that is not understood here' }] : []),
  ];
};

interface Told {
  readonly denies: boolean;
  readonly text: string;
}

const statementsIn = (policy: unknown): { readonly told: readonly Told[]; readonly odd: boolean } => {
  if (policy === undefined || policy === null || policy === '') return { told: [], odd: false };
  const document = parsePolicyDocument(policy);
  return {
    told: (document?.Statement ?? []).map((statement) => ({
      denies: isDenial(statement),
      text: describeStatement(statement),
    })),
    odd: !document,
  };
};

const without = (all: readonly Told[], some: readonly Told[]): readonly Told[] =>
  all.filter(({ denies, text }) => !some.some((told) => told.denies === denies && told.text === text));

const sharingChanges = ({ address, type, change }: ResourceChange): readonly AccessChange[] => {
  if (type !== 'aws_ssm_document') return [];
  const [was, is] = [accountsIn(change.before), accountsIn(change.after)];
  const tell = (widens: boolean, ids: readonly string[]) =>
    ids.map((id) => ({
      widens,
      who: address,
      what: `may ${widens ? 'now' : 'no longer'} be run by account ${id}`,
    }));
  return [
    ...tell(
      true,
      is.filter((id) => !was.includes(id)),
    ),
    ...tell(
      false,
      was.filter((id) => !is.includes(id)),
    ),
    ...(isUnknown(change, 'permissions')
      ? [{ widens: true, who: address, what: 'is shared with accounts that are known only after apply' }]
      : []),
  ];
};

const Sharing = z.object({ permissions: z.object({ account_ids: z.string() }) });

const accountsIn = (values: unknown): readonly string[] =>
  (Sharing.safeParse(values).data?.permissions.account_ids ?? '')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');

/** Read elsewhere in this review: roles, their policies, and who may invoke the functions. */
const UNDERSTOOD = [
  ...Object.keys(POLICIES),
  'aws_iam_role',
  'aws_iam_policy',
  'aws_iam_role_policy',
  'aws_iam_role_policy_attachment',
  'aws_lambda_permission',
];

/** What sounds like access and is told by no other line. */
const notUnderstood = ({ address, type }: ResourceChange): readonly AccessChange[] =>
  /^aws_iam_|_policy(_|$)|_permission(_|$)|_grant(_|$)|^aws_ssoadmin_|^aws_ram_/.test(type) &&
  !UNDERSTOOD.includes(type)
    ? [{ widens: true, who: address, what: `changes, and this review does not read ${type}: look yourself` }]
    : [];
