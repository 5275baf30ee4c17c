import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=DeleteBucketReplication)||($.eventName=DeleteBucketLifecycle)||($.eventName=DeleteBucketCors)||($.eventName=DeleteBucketPolicy)||($.eventName=PutBucketReplication)||($.eventName=PutBucketLifecycle)||($.eventName=PutBucketCors)||($.eventName=PutBucketPolicy)||($.eventName=PutBucketAcl)}',
    // The longer name is of another event than PutBucketLifecycle.
    tooNarrow:
      '{($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycleConfiguration) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication)}',
  }),
);
