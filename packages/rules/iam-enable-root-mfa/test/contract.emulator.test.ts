import { describeRuleContract } from '@compliance/core/testing';
import { rootWith } from '@compliance/iam-account/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: {
    'an account whose root has a security key': rootWith({ mfa: ['hardware'] }),
    'an account whose root has a virtual device': rootWith({ mfa: ['virtual'] }),
    'a member account whose root was stripped of its password': rootWith({ password: false }),
  },
  nonCompliant: {},
  manual: { 'an account whose root has only a password': rootWith({}) },
  notIn: ['aws-cn', 'aws-us-gov'],
});
