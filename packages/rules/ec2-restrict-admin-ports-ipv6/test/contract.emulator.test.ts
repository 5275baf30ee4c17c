import { describeRuleContract } from '@compliance/core/testing';
import { ingressFixtures } from '@compliance/security-group-ingress/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, ingressFixtures(22, { IPv6: ['::/0', '::/1', '8000::/1'] }));
