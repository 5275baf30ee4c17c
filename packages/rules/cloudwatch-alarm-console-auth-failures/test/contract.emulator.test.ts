import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern: '{($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    tooNarrow:
      '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") && ($.userIdentity.type = "IAMUser") }',
  }),
);
