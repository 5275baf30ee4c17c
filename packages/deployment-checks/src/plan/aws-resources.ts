import * as z from 'zod';

import { DEFAULT_BUS } from '../model/deployment.ts';

const OneBlock = <T extends z.ZodType>(block: T) =>
  z
    .array(block)
    .nullish()
    .transform((blocks) => blocks?.[0]);

const Texts = z
  .array(z.string())
  .nullish()
  .transform((texts) => texts ?? []);
/** Unset arguments are null before the first apply, and empty later. */
const Text = z
  .string()
  .nullish()
  .transform((text) => (text === null || text === '' ? undefined : text));
const Flag = z
  .boolean()
  .nullish()
  .transform((flag) => flag ?? false);

/** Account ids separated by commas, in which form the provider has the shares of a document. */
export const AccountIds = z.string().transform((text) =>
  text
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean),
);

const Bus = Text.transform((name) => name ?? DEFAULT_BUS);

/**
 * Schemas of AWS provider resources, reduced to the arguments that checks need. They fit versions 5 and 6 of the
 * provider. A value that is known only after apply is absent.
 */
export const AWS_RESOURCES = {
  aws_lambda_function: z.object({
    function_name: z.string(),
    runtime: Text,
    role: Text,
    environment: OneBlock(z.object({ variables: z.record(z.string(), z.string().nullable()).nullish() })),
  }),
  aws_lambda_permission: z.object({
    function_name: z.string(),
    qualifier: Text,
    action: z.string(),
    principal: z.string(),
    source_account: Text,
    source_arn: Text,
    principal_org_id: Text,
  }),
  aws_lambda_resource_policy: z.object({ resource_arn: Text, policy: Text }),
  aws_lambda_alias: z.object({ name: z.string(), function_name: z.string() }),
  aws_iam_role: z.object({
    name: z.string(),
    assume_role_policy: Text,
    permissions_boundary: Text,
    managed_policy_arns: z.array(z.string()).nullish(),
    inline_policy: z.array(z.object({ name: Text, policy: Text })).nullish(),
  }),
  aws_iam_policy: z.object({ name: z.string(), policy: Text }),
  aws_iam_role_policy: z.object({ name: Text, role: z.string(), policy: Text }),
  aws_iam_role_policy_attachment: z.object({ role: z.string(), policy_arn: Text }),
  aws_ssm_document: z.object({
    name: z.string(),
    content: Text,
    permissions: z.object({ account_ids: AccountIds }).partial().nullish(),
    default_version: Text,
    latest_version: Text,
  }),
  aws_s3_object: z.object({ bucket: Text, key: z.string(), content: Text }),
  aws_config_organization_conformance_pack: z.object({
    name: z.string(),
    excluded_accounts: Texts,
    template_s3_uri: Text,
    template_body: Text,
  }),
  aws_config_conformance_pack: z.object({
    name: z.string(),
    template_s3_uri: Text,
    template_body: Text,
  }),
  aws_config_configuration_recorder: z.object({
    name: z
      .string()
      .nullish()
      .transform((name) => name ?? 'default'),
    recording_group: OneBlock(
      z.object({
        all_supported: z
          .boolean()
          .nullish()
          .transform((flag) => flag ?? true),
        include_global_resource_types: Flag,
        resource_types: Texts,
        exclusion_by_resource_types: OneBlock(z.object({ resource_types: Texts })),
        recording_strategy: OneBlock(z.object({ use_only: Text })),
      }),
    ),
    recording_mode: OneBlock(
      z.object({
        recording_frequency: Text,
        recording_mode_override: OneBlock(z.object({ recording_frequency: Text, resource_types: Texts })),
      }),
    ),
  }),
  aws_config_configuration_recorder_status: z.object({ name: Text, is_enabled: z.boolean() }),
  aws_config_delivery_channel: z.object({
    name: z
      .string()
      .nullish()
      .transform((name) => name ?? 'default'),
  }),
  aws_dynamodb_resource_policy: z.object({ policy: Text }),
  aws_dynamodb_table: z.object({
    name: z.string(),
    hash_key: Text,
    range_key: Text,
    attribute: z.array(z.object({ name: z.string(), type: z.string() })).nullish(),
    ttl: OneBlock(z.object({ attribute_name: Text, enabled: Flag })),
  }),
  aws_s3_bucket: z.object({ bucket: z.string() }),
  aws_cloudfront_function: z.object({ name: z.string(), code: Text }),
  aws_ssm_parameter: z.object({ name: z.string() }),
  aws_sns_topic: z.object({ name: z.string() }),
  aws_cloudwatch_log_group: z.object({ name: z.string() }),
  aws_cloudwatch_log_resource_policy: z.object({ policy_name: z.string(), policy_document: Text }),
  aws_cloudwatch_event_bus: z.object({ name: z.string() }),
  aws_cloudwatch_event_bus_policy: z.object({ event_bus_name: Bus, policy: Text }),
  aws_cloudwatch_event_rule: z.object({
    name: z.string(),
    event_bus_name: Bus,
    event_pattern: Text,
    is_enabled: z.boolean().nullish(),
    state: Text,
  }),
  aws_cloudwatch_event_target: z.object({ rule: z.string(), event_bus_name: Bus, arn: Text, role_arn: Text }),
} as const satisfies Record<string, z.ZodType>;

export type AwsResourceType = keyof typeof AWS_RESOURCES;
export type AwsValues<Type extends AwsResourceType> = z.output<(typeof AWS_RESOURCES)[Type]>;
