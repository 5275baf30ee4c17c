import {
  KEEPER,
  KEEPER_LOG_GROUP,
  KEEPER_ROLE,
  keeperEnvironment,
  roleArn,
  sealedBucket,
  sealedLedger,
} from '@compliance/infra';

import { isCovered } from '../model/coverage.ts';
import type { NamedResource } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { masterIn, type Check, type CheckContext } from './check-context.ts';

type Keeper = NonNullable<ReturnType<typeof keeperIn>>;

/** The keeper as it has to be, and as it is; `undefined` where the ledger is not sealed, or nothing of it was read. */
const keeperIn = (context: CheckContext) => {
  const { deployment, masterAccountId: accountId, homeRegion: region, settings } = context;
  const ledger = sealedLedger(settings);
  if (!ledger || !isCovered(deployment, { part: 'keeper', accountId, region })) return undefined;
  const place = masterIn(context, region);
  const isHere = sameRegionAs(place);
  const deployed = deployment.functions.find((one) => one.name === KEEPER && isHere(one));
  const has = (among: readonly NamedResource[], name: string) =>
    among.some((one) => one.name === name && isHere(one));
  return { ledger, deployed, has, place, subject: `function ${KEEPER} ${formatPlace(place)}` };
};

const ofKeeper =
  (check: (keeper: Keeper, context: CheckContext) => readonly Problem[]): Check =>
  (context) => {
    const keeper = keeperIn(context);
    return keeper ? check(keeper, context) : [];
  };

const REMEDY = 'Apply the modules of the master account again: make deploy-master.';

const keeperExists = ofKeeper(({ deployed, subject }) =>
  deployed
    ? []
    : [{ subject, problem: `Function ${KEEPER} does not exist: the ledger is not sealed.`, remedy: REMEDY }],
);

const keeperEnvironmentFits = ofKeeper(({ deployed, ledger, subject }, { masterAccountId }) => {
  if (!deployed) return [];
  const { environment: found } = deployed;
  if (!found) return [undetermined(subject, 'the environment is known only after apply')];
  return Object.entries(keeperEnvironment(masterAccountId, ledger)).flatMap(([name, value]) =>
    found[name] === value
      ? []
      : [
          {
            subject,
            problem: `Function ${KEEPER} has ${name} '${found[name] ?? ''}', not '${value}' as the settings say.`,
            remedy: REMEDY,
          },
        ],
  );
});

const keeperRoleFits = ofKeeper(({ deployed, subject }, { deployment: { partition }, masterAccountId }) => {
  const expected = roleArn({ partition, accountId: masterAccountId }, KEEPER_ROLE);
  if (!deployed || deployed.roleArn === expected) return [];
  if (deployed.roleArn === undefined) return [undetermined(subject, 'the role is known only after apply')];
  return [
    {
      subject,
      problem: `Function ${KEEPER} runs as ${deployed.roleArn}, which may not write what is sealed.`,
      remedy: `Give function ${KEEPER} the role ${expected}.`,
    },
  ];
});

const keeperStores = ofKeeper(({ has, place }, { deployment, masterAccountId }) => {
  const bucket = sealedBucket(masterAccountId);
  const missing = (kind: string, name: string, consequence: string): Problem => ({
    subject: `${kind} ${name} ${formatPlace(place)}`,
    problem: `${kind === 'bucket' ? 'Bucket' : 'Log group'} ${name} does not exist: ${consequence}`,
    remedy: REMEDY,
  });
  return [
    ...(has(deployment.buckets, bucket) ? [] : [missing('bucket', bucket, 'the keeper cannot seal.')]),
    ...(has(deployment.logGroups, KEEPER_LOG_GROUP)
      ? []
      : [missing('log group', KEEPER_LOG_GROUP, 'the alarms of the keeper see nothing.')]),
  ];
});

/** Terraform cannot make such a key with version 5 of its AWS provider, so a person makes it. */
const CREATE_KEY =
  'Create one with aws kms create-key --key-spec ECC_NIST_EDWARDS25519 --key-usage SIGN_VERIFY in the home Region, ' +
  'and name its ARN in ledger.signingKeyArn of compliance.yaml.';

const signingKey: Check = (context) => {
  const { deployment, masterAccountId: accountId, settings } = context;
  const ledger = sealedLedger(settings);
  if (!ledger || !isCovered(deployment, { part: 'signingKey', accountId })) return [];
  const { signingKeyArn } = ledger;
  const subject = `key ${signingKeyArn}`;
  const found = deployment.signingKeys.find(({ arn }) => arn === signingKeyArn);
  if (!found)
    return [{ subject, problem: 'The key that signs the ledger does not exist.', remedy: CREATE_KEY }];
  if (found.spec === 'ECC_NIST_EDWARDS25519' && found.usage === 'SIGN_VERIFY') return [];
  return [
    {
      subject,
      problem: `The key has the spec ${found.spec} and the usage ${found.usage}: the keeper signs with Ed25519.`,
      remedy: CREATE_KEY,
    },
  ];
};

export const keeperChecks = {
  'keeper-exists': keeperExists,
  'keeper-environment': keeperEnvironmentFits,
  'keeper-role': keeperRoleFits,
  'keeper-stores': keeperStores,
} as const satisfies Record<string, Check>;

export const signingKeyChecks = { 'signing-key': signingKey } as const satisfies Record<string, Check>;
