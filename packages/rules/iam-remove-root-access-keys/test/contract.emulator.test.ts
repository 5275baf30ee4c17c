import { describeRuleContract } from '@compliance/core/testing';
import { rootWith } from '@compliance/iam-account/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: { 'an account whose root has only a password': rootWith({}) },
  nonCompliant: {},
  manual: { 'an account whose root has an access key': rootWith({ accessKey: true }) },
});
