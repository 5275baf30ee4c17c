import {
  CreateSecretCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describeRuleContract } from '@compliance/core/testing';
import { policyFixtures } from '@compliance/public-policies/testing';

import { rule } from '../src/rule.ts';

const { compliant, nonCompliant, onlyForEverybody } = policyFixtures({
  action: 'secretsmanager:GetSecretValue',
  seed: async (policyOf, admin) => {
    const client = admin.client(SecretsManagerClient);
    const command = new CreateSecretCommand({ Name: 'database', SecretString: 'example' });
    const { ARN: SecretId = '' } = await client.send(command);
    if (policyOf)
      await client.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policyOf(SecretId) }));
    return { resourceType: 'AWS::SecretsManager::Secret', resourceId: SecretId };
  },
});

describeRuleContract(rule, {
  compliant,
  nonCompliant: { ...nonCompliant, 'a policy for everybody alone': onlyForEverybody },
  gone: {
    resourceType: 'AWS::SecretsManager::Secret',
    resourceId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:gone-abcdef',
  },
});
