import { describeRuleContract } from '@compliance/core/testing';
import { accountWithTrails as trails, LOG_BUCKET, trailsExcept } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  parameters: { s3BucketName: LOG_BUCKET },
  compliant: {
    'an account with a trail of its home Region': trails({ IsMultiRegionTrail: false }, { stopped: true }),
    'an account whose trail of all Regions lives in another one': trails({ home: 'us-east-1' }),
  },
  nonCompliant: {
    'an account whose trail is stopped': trails({ stopped: true }),
    'an account whose stopped trail lives in another Region': trails({ stopped: true, home: 'us-east-1' }),
  },
  manual: {
    'an account without a trail': trails(),
    'an account with a trail of another Region': trails({ IsMultiRegionTrail: false, home: 'us-east-1' }),
    'an account whose only trail is a stopped one of the organization': trails({
      IsOrganizationTrail: true,
      stopped: true,
    }),
  },
  untouched: trailsExcept(),
});
