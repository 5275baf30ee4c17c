import { canonical } from '@compliance/core';

import type { DeployedRule, Deployment } from '../model/deployment.ts';
import { truncatedList } from '../model/truncated-list.ts';

/** Changes of Config rules, one line each, with accounts and Regions. */
export const rulesDifference = (before: Deployment, after: Deployment): readonly string[] => {
  const old = byPlace(before.rules);
  const now = byPlace(after.rules);
  const changes = [...new Set([...old.keys(), ...now.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), now.get(key)];
    const { name = '', accountId = '', region = '' } = is ?? was ?? {};
    return changesOf(was, is).map((what) => ({ line: `${name}: ${what}`, place: `${accountId} ${region}` }));
  });
  return [...Map.groupBy(changes, ({ line }) => line)]
    .map(([line, each]) => `${line}; in ${truncatedList(each.map(({ place }) => place).toSorted(), SHOWN)}`)
    .toSorted();
};

const SHOWN = 8;

const byPlace = (rules: readonly DeployedRule[]) =>
  new Map(rules.map((rule) => [`${rule.accountId}/${rule.region}/${rule.name}`, rule] as const));

const changesOf = (was: DeployedRule | undefined, is: DeployedRule | undefined): readonly string[] => {
  if (!is) return ['removed'];
  if (!was) return [`added${describeRemediation(is)}`];
  const remediation = describeRemediation(is);
  return [
    ...(remediation === describeRemediation(was)
      ? []
      : [
          `now${remediation || ' without a remediation'}, before${describeRemediation(was) || ' without one'}`,
        ]),
    ...(was.functionArn === is.functionArn ? [] : [`invokes ${is.functionArn}, before ${was.functionArn}`]),
    ...(canonical(was.inputParameters) === canonical(is.inputParameters) ? [] : ['parameters changed']),
    ...(canonical([was.resourceTypes, was.messageTypes]) === canonical([is.resourceTypes, is.messageTypes])
      ? []
      : ['scope or triggers changed']),
  ];
};

const describeRemediation = ({ remediation }: DeployedRule): string => {
  if (!remediation) return '';
  return remediation.automatic ? ' with an automatic remediation' : ' with a remediation';
};
