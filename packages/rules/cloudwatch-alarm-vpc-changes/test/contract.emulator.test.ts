import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=EnableVpcClassicLink)||($.eventName=DisableVpcClassicLink)||($.eventName=DetachClassicLinkVpc)||($.eventName=AttachClassicLinkVpc)||($.eventName=RejectVpcPeeringConnection)||($.eventName=DeleteVpcPeeringConnection)||($.eventName=CreateVpcPeeringConnection)||($.eventName=AcceptVpcPeeringConnection)||($.eventName=ModifyVpcAttribute)||($.eventName=DeleteVpc)||($.eventName=CreateVpc)}',
    tooNarrow:
      '{($.eventName = "DeleteVpc") || ($.eventName = "ModifyVpcAttribute") || ($.eventName = "AcceptVpcPeeringConnection") || ($.eventName = "CreateVpcPeeringConnection") || ($.eventName = "DeleteVpcPeeringConnection") || ($.eventName = "RejectVpcPeeringConnection") || ($.eventName = "AttachClassicLinkVpc") || ($.eventName = "DetachClassicLinkVpc") || ($.eventName = "DisableVpcClassicLink") || ($.eventName = "EnableVpcClassicLink")}',
  }),
);
