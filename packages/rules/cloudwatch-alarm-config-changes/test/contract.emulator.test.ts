import { describeRuleContract } from '@compliance/core/testing';
import { alarmFixtures } from '@compliance/log-alarms/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(
  rule,
  alarmFixtures({
    pattern:
      '{($.eventName=PutConfigurationRecorder)||($.eventName=PutDeliveryChannel)||($.eventName=DeleteDeliveryChannel)||($.eventName=StopConfigurationRecorder)}',
    tooNarrow:
      '{($.eventName = "DeleteDeliveryChannel") || ($.eventName = "PutDeliveryChannel") || ($.eventName = "PutConfigurationRecorder")}',
  }),
);
