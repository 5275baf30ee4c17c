import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
  paginateListSecrets,
} from '@aws-sdk/client-secrets-manager';
import { definePolicyDocument, parsePolicy, publicStatements } from '@compliance/policy-document';
import { restrictPublicPolicies } from '@compliance/public-policies';

const secretPolicy = definePolicyDocument({
  kind: 'secretsmanager/resource-policy',
  read: async (SecretId, session) => {
    const command = new GetResourcePolicyCommand({ SecretId });
    return (await session.client(SecretsManagerClient).send(command)).ResourcePolicy;
  },
  write: async (SecretId, ResourcePolicy, session) => {
    // AWS then refuses what its own analysis finds public. An undo may restore a public policy.
    const BlockPublicPolicy = publicStatements(parsePolicy(ResourcePolicy)).length === 0;
    const command = new PutResourcePolicyCommand({ SecretId, ResourcePolicy, BlockPublicPolicy });
    await session.client(SecretsManagerClient).send(command);
  },
  remove: async (SecretId, session) => {
    await session.client(SecretsManagerClient).send(new DeleteResourcePolicyCommand({ SecretId }));
  },
});

const SECRETS = 'arn:*:secretsmanager:*:*:secret:*';

export const rule = restrictPublicPolicies({
  command: 'SECRETSMANAGER_RESTRICT_PUBLIC_POLICIES',
  noun: 'a secret',
  resourceType: 'AWS::SecretsManager::Secret',
  resource: { tagFilter: 'secretsmanager:secret' },
  triggers: ['schedule'],
  equivalents: { prowler: ['secretsmanager_not_publicly_accessible'] },
  permissions: {
    list: ['secretsmanager:ListSecrets'],
    get: ['secretsmanager:GetResourcePolicy'],
    fix: [
      { action: 'secretsmanager:PutResourcePolicy', resource: SECRETS },
      { action: 'secretsmanager:DeleteResourcePolicy', resource: SECRETS },
    ],
    undo: [{ action: 'secretsmanager:PutResourcePolicy', resource: SECRETS }],
  },

  document: secretPolicy,
  read: async (arn, session) => ({ policies: [{ key: arn, policy: await secretPolicy.read(arn, session) }] }),
  gone: ['ResourceNotFoundException'],
  list: async function* (session) {
    const client = session.client(SecretsManagerClient);
    for await (const { SecretList = [] } of paginateListSecrets({ client }, {}))
      for (const { ARN } of SecretList) if (ARN !== undefined) yield ARN;
  },

  inCode: {
    terraform: 'aws_secretsmanager_secret_policy: policy whose statements name their principals',
    cloudFormation:
      'AWS::SecretsManager::ResourcePolicy: ResourcePolicy whose statements name their principals',
  },
});
