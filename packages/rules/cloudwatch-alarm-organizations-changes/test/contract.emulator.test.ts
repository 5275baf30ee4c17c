import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=UpdatePolicy)||($.eventName=UpdateOrganizationalUnit)||($.eventName=RemoveAccountFromOrganization)||($.eventName=MoveAccount)||($.eventName=DisablePolicyType)||($.eventName=DetachPolicy)||($.eventName=LeaveOrganization)||($.eventName=InviteAccountToOrganization)||($.eventName=EnablePolicyType)||($.eventName=EnableAllFeatures)||($.eventName=DeletePolicy)||($.eventName=DeleteOrganizationalUnit)||($.eventName=DeleteOrganization)||($.eventName=DeclineHandshake)||($.eventName=CreatePolicy)||($.eventName=CreateOrganizationalUnit)||($.eventName=CreateOrganization)||($.eventName=CreateAccount)||($.eventName=CancelHandshake)||($.eventName=AttachPolicy)||($.eventName=AcceptHandshake)}',
    tooNarrow:
      '{($.eventName = "AttachPolicy") || ($.eventName = "CancelHandshake") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganization") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "EnableAllFeatures") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdateOrganizationalUnit") || ($.eventName = "UpdatePolicy")}',
  }),
);
