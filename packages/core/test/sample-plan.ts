import { AccountId } from '../src/base/account-id.ts';
import { planIdOf, type Plan } from '../src/plan/plan.ts';

/** A plan without steps, with these members over it and the id that they give it. */
export const samplePlan = (over: Partial<Omit<Plan, 'id'>> = {}): Plan => {
  const found: Omit<Plan, 'id'> = {
    command: 'EXAMPLE_KEEP_VERSIONS',
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
    facts: { status: 'Off' },
    annotation: 'Versioning is Off.',
    description: 'Turn versioning on',
    risk: 'safe',
    steps: [],
    ...over,
  };
  return { id: planIdOf(found), ...found };
};
