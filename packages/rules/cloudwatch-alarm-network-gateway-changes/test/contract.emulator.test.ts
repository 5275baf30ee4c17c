import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=DetachInternetGateway)||($.eventName=DeleteInternetGateway)||($.eventName=CreateInternetGateway)||($.eventName=AttachInternetGateway)||($.eventName=DeleteCustomerGateway)||($.eventName=CreateCustomerGateway)}',
    tooNarrow:
      '{($.eventName = "DeleteCustomerGateway") || ($.eventName = "AttachInternetGateway") || ($.eventName = "CreateInternetGateway") || ($.eventName = "DeleteInternetGateway") || ($.eventName = "DetachInternetGateway")}',
  }),
);
