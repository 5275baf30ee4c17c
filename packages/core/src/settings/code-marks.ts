import { isGlobMatch } from '../base/glob.ts';
import type { Tags } from '../aws/resource-tags.ts';
import { tagNamed } from './tag-named.ts';

/** Values by which a tag such as `managed-by` names code. */
const TOOLS = [
  '*terraform*',
  '*opentofu*',
  'tofu',
  '*terragrunt*',
  '*pulumi*',
  '*cloudformation*',
  'cdk',
  'cdktf',
  'aws-cdk',
  '*crossplane*',
  'aft',
] as const;

/**
 * Tags that mark a resource as managed by code, with the patterns of their values.
 * What AWS writes, under names that nobody else can write:
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html
 * @see https://docs.aws.amazon.com/servicecatalog/latest/adminguide/autotags.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 * What tools and popular modules write:
 * @see https://github.com/terraform-aws-modules/terraform-aws-vpc `Terraform = "true"`
 * @see https://github.com/aws-ia/terraform-aws-control_tower_account_factory `managed_by = "AFT"`
 * @see https://github.com/bridgecrewio/yor `yor_trace`
 * @see https://aws-controllers-k8s.github.io/community/docs/user-docs/ack-tags/
 * @see https://github.com/crossplane/crossplane-runtime/blob/main/pkg/resource/resource.go
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 * @see https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/ `Accelerator = "AWSAccelerator"`
 */
const CODE_MARKS: Readonly<Record<string, readonly string[]>> = {
  'aws:cloudformation:stack-id': ['*'],
  'aws:servicecatalog:provisionedProductArn': ['*'],
  'aws:eks:cluster-name': ['*'],
  terraform: ['*'],
  opentofu: ['*'],
  pulumi: ['*'],
  'managed-by': TOOLS,
  'managed-with': TOOLS,
  'provisioned-by': TOOLS,
  provisioner: TOOLS,
  'deployed-by': TOOLS,
  'deployed-with': TOOLS,
  'created-by': TOOLS,
  'created-with': TOOLS,
  iac: ['true', 'yes', ...TOOLS],
  'iac-tool': TOOLS,
  yor_trace: ['*'],
  'services.k8s.aws/controller-version': ['*'],
  'eks:eks-capability-arn': ['*'],
  'crossplane-kind': ['*'],
  'elbv2.k8s.aws/cluster': ['*'],
  accelerator: ['awsaccelerator*'],
};

/** Values that say no, whatever the pattern: `Terraform=false` marks nothing. */
const NEGATIVE = ['', 'false', 'no', 'none', 'off', '0', 'n/a'];

/**
 * The tag by which code manages a resource: a built-in mark or one of the settings.
 * Keys as `tagNamed` finds them; values without case.
 */
export const codeMarkIn = (
  tags: Tags,
  marks: Readonly<Record<string, string>>,
): readonly [key: string, value: string] | undefined => {
  const known = [
    ...Object.entries(CODE_MARKS),
    ...Object.entries(marks).map(([name, pattern]) => [name, [pattern]] as const),
  ];
  for (const [name, patterns] of known) {
    const tag = tagNamed(tags, name);
    if (tag && patterns.some((pattern) => isMark(pattern, tag[1]))) return tag;
  }
  return undefined;
};

const isMark = (pattern: string, value: string) => {
  const plain = value.trim().toLowerCase();
  return !NEGATIVE.includes(plain) && isGlobMatch(pattern.toLowerCase(), plain);
};
