import {
  EXECUTION_ROLES,
  FUNCTIONS,
  functionEnvironment,
  roleArn,
  type FunctionKey,
} from '@compliance/infra';

import type { DeployedFunction } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { coveredRegions, masterIn, type Check, type CheckContext } from './check-context.ts';

const KEYS = ['rule', 'remediation'] as const satisfies readonly FunctionKey[];

/** Lambda runtimes that the bundles support. */
const RUNTIMES = ['nodejs20.x', 'nodejs22.x', 'nodejs24.x'];
/** Supported by version 6 of the AWS provider only. */
const NEWER_RUNTIMES = ['nodejs24.x'];

const functionExists: Check = (context) =>
  eachFunction(context, (subject, deployed, key) =>
    deployed
      ? []
      : [
          {
            subject,
            problem: `Function ${FUNCTIONS[key]} does not exist: rules of this Region cannot evaluate or fix anything.`,
            remedy: 'Apply the regional part of the master module in this Region.',
          },
        ],
  );

const functionRuntime: Check = (context) =>
  eachFunction(context, (subject, deployed) => {
    if (!deployed) return [];
    const { runtime: found } = deployed;
    if (found === undefined) return [undetermined(subject, 'the runtime is known only after apply')];
    if (RUNTIMES.includes(found)) return [];
    return [
      {
        subject,
        problem: `Function ${deployed.name} has runtime ${found}, which the bundles do not support.`,
        remedy: `Use one of ${RUNTIMES.join(', ')}.`,
      },
    ];
  });

/** Each version of the AWS provider rejects runtimes it does not know. */
const functionRuntimeProvider: Check = (context) => {
  const old = context.deployment.providerConstraints.filter((constraint) =>
    /(^|[^.\d])[1-5]\./.test(constraint),
  );
  if (old.length === 0) return [];
  return eachFunction(context, (subject, deployed) =>
    deployed?.runtime === undefined || !NEWER_RUNTIMES.includes(deployed.runtime)
      ? []
      : [
          {
            severity: 'warning',
            subject,
            problem: `Version 5 of the AWS provider, which the constraint '${old.join(' and ')}' allows, rejects runtime ${deployed.runtime} of function ${deployed.name}.`,
            remedy: 'Require version 6 of the AWS provider, or use nodejs22.x.',
          },
        ],
  );
};

const environmentVariables: Check = (context) => {
  const { masterAccountId, homeRegion, deployment } = context;
  const expected = functionEnvironment({ masterAccountId, homeRegion, partition: deployment.partition });
  return eachFunction(context, (subject, deployed, key) => {
    if (!deployed) return [];
    const { environment: found } = deployed;
    if (!found) return [undetermined(subject, 'the environment is known only after apply')];
    return Object.entries(expected[key]).flatMap(([name, value]) => {
      const actual = found[name];
      if (actual === value) return [];
      if (actual === null)
        return [undetermined(subject, `environment variable ${name} is known only after apply`)];
      return [
        {
          subject,
          problem:
            actual === undefined
              ? `Function ${deployed.name} lacks the environment variable ${name}.`
              : `Function ${deployed.name} has ${name} '${actual}', not '${value}'.`,
          remedy: `Set ${name} to '${value}': functions of all Regions use the data of the home Region.`,
        },
      ];
    });
  });
};

const functionRole: Check = (context) =>
  eachFunction(context, (subject, deployed, key) => {
    const { partition } = context.deployment;
    const expected = roleArn({ partition, accountId: context.masterAccountId }, EXECUTION_ROLES[key]);
    if (!deployed || deployed.roleArn === expected) return [];
    if (deployed.roleArn === undefined) return [undetermined(subject, 'the role is known only after apply')];
    return [
      {
        subject,
        problem: `Function ${deployed.name} runs as ${deployed.roleArn}, which no member account trusts.`,
        remedy: `Give function ${deployed.name} the role ${expected}.`,
      },
    ];
  });

export const functionChecks = {
  'function-exists': functionExists,
  'function-runtime': functionRuntime,
  'function-runtime-provider': functionRuntimeProvider,
  'function-environment': environmentVariables,
  'function-role': functionRole,
} as const satisfies Record<string, Check>;

const eachFunction = (
  context: CheckContext,
  check: (subject: string, deployed: DeployedFunction | undefined, key: FunctionKey) => readonly Problem[],
): readonly Problem[] =>
  coveredRegions(context, 'functions', context.masterAccountId).flatMap((region) =>
    KEYS.flatMap((key) => {
      const place = masterIn(context, region);
      const deployed = context.deployment.functions.find(
        (candidate) => candidate.name === FUNCTIONS[key] && sameRegionAs(place)(candidate),
      );
      return check(`function ${FUNCTIONS[key]} ${formatPlace(place)}`, deployed, key);
    }),
  );
