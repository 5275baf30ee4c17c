import { expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { accountIn, parseSettings } from '../../src/settings/settings.ts';
import { planByHand } from '../../src/remediate/plan-by-hand.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const macie = { ...exampleRule.permissions, get: ['macie2:GetMacieSession'] };

test.each<[string, Partial<Rule>, string]>([
  [
    'in a member',
    { only: 'management-account' },
    'EXAMPLE_KEEP_VERSIONS concerns the management account only.',
  ],
  [
    'in a Region without its service',
    { permissions: macie },
    'Region eu-central-2 does not have the service macie2.',
  ],
])(
  'a rule that is not judged %s is not planned by hand there, without a call',
  async (_, members, nothing) => {
    const settings = parseSettings(settingsWith());
    const accountId = AccountId.parse('111122223333');
    const place = { accountId, region: 'eu-central-2', partition: 'aws' };
    const planned = planByHand({
      target: { resource: { resourceType: exampleRule.resourceType, resourceId: 'logs' } },
      rule: { ...exampleRule, ...members },
      account: accountIn(settings, accountId),
      judgeContext: { ...place, parameters: {}, now: new Date() },
      session: fakeSession({ allow: [], answers: [] }),
      appliedSettings: settings,
      loadExemptions: async () => [],
    });
    await expect(planned).resolves.toEqual({ nothing });
  },
);
