import type { Grant, Settings } from '@compliance/core';

import { sealedLedger } from '../functions/keeper.ts';
import type { Home } from '../functions/function-environment.ts';
import { KEEPER_LOG_GROUP, KEEPER_ROLE, STATE_TABLE, ledgerBucket, sealedBucket } from '../names/names.ts';
import { keeperTableGrants } from './table-policy.ts';
import { splitPolicy } from './split-policy.ts';
import { trustOfLambda, type RoleSpecification } from './trust-policy.ts';

/**
 * The execution role of the keeper; `undefined` where the ledger is not sealed. It reads the intake and never writes to it,
 * and it creates sealed objects: it has no permission to delete one, or to shorten a lock.
 */
export const keeperRole = (home: Home, settings: Pick<Settings, 'ledger'>): RoleSpecification | undefined => {
  const ledger = sealedLedger(settings);
  if (!ledger) return undefined;
  const { partition, masterAccountId, homeRegion } = home;
  const bucket = (name: string, ...keys: readonly string[]) =>
    keys.map((key) => `arn:${partition}:s3:::${name}${key}`);
  const [intake, sealed] = [ledgerBucket(masterAccountId), sealedBucket(masterAccountId)];
  const keys = [
    ledger.signingKeyArn,
    ...(ledger.formerSigningKeyArn === undefined ? [] : [ledger.formerSigningKeyArn]),
  ];
  return {
    name: KEEPER_ROLE,
    trust: trustOfLambda,
    policies: splitPolicy(KEEPER_ROLE, [
      ...on(bucket(intake, '/intake/*', '/ledger/*'), 's3:GetObject'),
      // Without it, S3 answers 403 for an object that does not exist.
      ...on([...bucket(intake, ''), ...bucket(sealed, '')], 's3:ListBucket'),
      ...on(bucket(sealed, '/*'), 's3:GetObject', 's3:PutObject', 's3:PutObjectRetention'),
      ...(ledger.headsBucketArn === undefined
        ? []
        : on([`${ledger.headsBucketArn}/heads/*`], 's3:PutObject')),
      ...on(keys, 'kms:GetPublicKey', 'kms:Sign'),
      ...keeperTableGrants(`arn:${partition}:dynamodb:${homeRegion}:${masterAccountId}:table/${STATE_TABLE}`),
      ...on(
        [`arn:${partition}:logs:${homeRegion}:${masterAccountId}:log-group:${KEEPER_LOG_GROUP}:*`],
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ),
    ]),
  };
};

const on = (resource: readonly string[], ...actions: readonly string[]): readonly Grant[] =>
  actions.map((action) => ({ action, resource }));
