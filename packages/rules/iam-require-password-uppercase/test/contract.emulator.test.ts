import { describeRuleContract } from '@compliance/core/testing';
import { charactersFixtures } from '@compliance/iam-password-policy/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, charactersFixtures('RequireUppercaseCharacters'));
