import {
  EXECUTION_ROLES,
  FUNCTIONS,
  functionEnvironment,
  roleArn,
  type FunctionKey,
} from '@compliance/infra';

import type { DeployedFunction } from '../model/deployment.ts';
import { unknown, type Problem } from '../model/problem.ts';
import { at, isIn } from '../model/place.ts';
import { masterIn, regionsLooked, type Check, type Wiring } from './check-context.ts';

const KEYS = ['rule', 'remediation'] as const satisfies readonly FunctionKey[];

/** What AWS Lambda takes and our bundles are made for. */
const RUNTIMES = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];
/** Known to version 6 of the AWS provider only. */
const NEWER_RUNTIMES = ['nodejs24.x'];

const existing: Check = (wiring) =>
  eachFunction(wiring, (subject, deployed) =>
    deployed
      ? []
      : [
          {
            subject,
            problem: 'The function does not exist, so rules of this Region cannot be judged or fixed.',
            remedy: 'Apply the regional part of the master module in this Region.',
          },
        ],
  );

const runtime: Check = (wiring) =>
  eachFunction(wiring, (subject, deployed) => {
    if (!deployed) return [];
    const { runtime: found } = deployed;
    if (found === undefined) return [unknown(subject, 'its runtime is known only after apply')];
    if (RUNTIMES.includes(found)) return [];
    return [
      {
        subject,
        problem: `Its runtime ${found} is not one that the bundles run on.`,
        remedy: `Use one of ${RUNTIMES.join(', ')}.`,
      },
    ];
  });

/** Each version of the AWS provider has a list of runtimes, and refuses a plan with any other. */
const providerRuntime: Check = (wiring) => {
  const old = wiring.deployment.providerConstraints.filter((constraint) =>
    /(^|[^.\d])[1-5]\./.test(constraint),
  );
  if (old.length === 0) return [];
  return eachFunction(wiring, (subject, deployed) =>
    deployed?.runtime === undefined || !NEWER_RUNTIMES.includes(deployed.runtime)
      ? []
      : [
          {
            severity: 'warning',
            subject,
            problem: `Version 5 of the AWS provider, which ${old.join(' and ')} admits, refuses its runtime ${deployed.runtime}.`,
            remedy: 'Demand version 6 of the provider, or use nodejs22.x.',
          },
        ],
  );
};

const environment: Check = (wiring) => {
  const { masterAccountId, homeRegion, deployment } = wiring;
  const expected = functionEnvironment({ masterAccountId, homeRegion, partition: deployment.partition });
  return eachFunction(wiring, (subject, deployed, key) => {
    if (!deployed) return [];
    const { environment: found } = deployed;
    if (!found) return [unknown(subject, 'its environment is known only after apply')];
    return Object.entries(expected[key]).flatMap(([name, value]) => {
      const is = found[name];
      if (is === value) return [];
      if (is === null) return [unknown(subject, `${name} of its environment is known only after apply`)];
      return [
        {
          subject,
          problem:
            is === undefined
              ? `${name} is missing from its environment.`
              : `${name} is '${is}', not '${value}'.`,
          remedy: `Set ${name} to '${value}': functions of every Region use what is kept in the home Region.`,
        },
      ];
    });
  });
};

const role: Check = (wiring) =>
  eachFunction(wiring, (subject, deployed, key) => {
    const { partition } = wiring.deployment;
    const expected = roleArn({ partition, accountId: wiring.masterAccountId }, EXECUTION_ROLES[key]);
    if (!deployed || deployed.roleArn === expected) return [];
    if (deployed.roleArn === undefined) return [unknown(subject, 'its role is known only after apply')];
    return [
      {
        subject,
        problem: `It runs as ${deployed.roleArn}, which no member account trusts.`,
        remedy: `Let it run as ${expected}.`,
      },
    ];
  });

export const functionChecks = {
  'function-exists': existing,
  'function-runtime': runtime,
  'function-runtime-provider': providerRuntime,
  'function-environment': environment,
  'function-role': role,
} as const satisfies Record<string, Check>;

const eachFunction = (
  wiring: Wiring,
  check: (subject: string, deployed: DeployedFunction | undefined, key: FunctionKey) => readonly Problem[],
): readonly Problem[] =>
  regionsLooked(wiring, 'functions', wiring.masterAccountId).flatMap((region) =>
    KEYS.flatMap((key) => {
      const place = masterIn(wiring, region);
      const deployed = wiring.deployment.functions.find(
        (candidate) => candidate.name === FUNCTIONS[key] && isIn(place)(candidate),
      );
      return check(`function ${FUNCTIONS[key]} ${at(place)}`, deployed, key);
    }),
  );
