import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=DeleteSecurityGroup)||($.eventName=CreateSecurityGroup)||($.eventName=RevokeSecurityGroupEgress)||($.eventName=RevokeSecurityGroupIngress)||($.eventName=AuthorizeSecurityGroupEgress)||($.eventName=AuthorizeSecurityGroupIngress)}',
    tooNarrow:
      '{($.eventName = "AuthorizeSecurityGroupEgress") || ($.eventName = "RevokeSecurityGroupIngress") || ($.eventName = "RevokeSecurityGroupEgress") || ($.eventName = "CreateSecurityGroup") || ($.eventName = "DeleteSecurityGroup")}',
  }),
);
