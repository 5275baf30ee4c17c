import { describeRuleContract } from '@compliance/core/testing';
import { objectEventFixtures } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, objectEventFixtures('reads'));
