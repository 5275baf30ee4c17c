import { expect, test } from 'vitest';

import { describeOrganization } from '../src/input/describe-organization.ts';

test('the dashboard has one name of a service for rules of its resources and of the account', async () => {
  const { rules } = await describeOrganization(undefined, []);
  const services = [...new Set(rules.map(({ service }) => service))];
  expect(new Set(services.map((service) => service.toLowerCase())).size).toBe(services.length);
  expect(rules.find(({ command }) => command === 'CLOUDTRAIL_ENABLE_MULTI_REGION')?.service).toBe(
    'CloudTrail',
  );
});
