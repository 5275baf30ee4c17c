import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=ReplaceNetworkAclAssociation)||($.eventName=ReplaceNetworkAclEntry)||($.eventName=DeleteNetworkAclEntry)||($.eventName=DeleteNetworkAcl)||($.eventName=CreateNetworkAclEntry)||($.eventName=CreateNetworkAcl)}',
    tooNarrow:
      '{($.eventName = "CreateNetworkAclEntry") || ($.eventName = "DeleteNetworkAcl") || ($.eventName = "DeleteNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclEntry") || ($.eventName = "ReplaceNetworkAclAssociation")}',
  }),
);
