import { describeRuleContract } from '@compliance/core/testing';
import { ingressFixtures } from '@compliance/security-group-ingress/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, ingressFixtures(3389, { IPv4: ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1'] }));
