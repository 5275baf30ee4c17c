import { type Rule, type Settings, withRecordedTriggers } from '@compliance/core';

import { enabledRules } from './enabled-rules.ts';

/** Global types, recorded only in the home Region: other Regions would bill the same items again. */
const GLOBAL = /^AWS::(IAM|CloudFront|Route53|GlobalAccelerator|Organizations)::/;

/** AWS Config requires at least one type; this one changes rarely. */
const PLACEHOLDER_TYPE = 'AWS::Config::ConformancePackCompliance';

/** The resource types whose changes trigger enabled rules, in the home Region and elsewhere. */
export const recordedTypes = (
  rules: readonly Rule[],
  settings: Settings,
): { readonly home: readonly string[]; readonly elsewhere: readonly string[] } => {
  const types = (wanted: (rule: Rule) => boolean) => {
    const found = enabledRules(rules, settings)
      .map((rule) => withRecordedTriggers(rule, settings))
      .filter((rule) => rule.triggers[0] === 'change' && wanted(rule))
      .map(({ resourceType }) => resourceType);
    return found.length === 0 ? [PLACEHOLDER_TYPE] : [...new Set(found)].toSorted();
  };
  return {
    home: types(() => true),
    elsewhere: types((rule) => rule.deploy === 'every-region' && !GLOBAL.test(rule.resourceType)),
  };
};
