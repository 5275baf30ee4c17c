import { describeRuleContract } from '@compliance/core/testing';
import { trailItem, trailResource, trailsExcept } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: { 'a trail with digests': trailResource({ EnableLogFileValidation: true }) },
  nonCompliant: {
    'a trail without digests': trailResource({ EnableLogFileValidation: false }),
    'a stopped trail of one Region without digests': trailResource({
      IsMultiRegionTrail: false,
      stopped: true,
    }),
  },
  manual: { 'a trail of the organization without digests': trailResource({ IsOrganizationTrail: true }) },
  item: trailItem,
  untouched: trailsExcept('LogFileValidationEnabled'),
  gone: { resourceType: 'AWS::CloudTrail::Trail', resourceId: 'no-such-trail' },
});
