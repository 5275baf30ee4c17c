import { explain, hasCode } from '@compliance/core';

import { distinctCoverage, type Coverage } from '../model/coverage.ts';
import type { DeployedOrganization, Deployment } from '../model/deployment.ts';

/** The part of a deployment that one read returns. */
export type Fragment = Partial<Omit<Deployment, 'partition'>>;

type Lists = Exclude<keyof Fragment, 'organization'>;

/**
 * Reads a fragment; turns an error into a gap without coverage. Usually a permission is missing: what could not be read
 * must not be reported as missing.
 */
export const readOrGap = async (subject: string, read: () => Promise<Fragment>): Promise<Fragment> => {
  try {
    return await read();
  } catch (error) {
    return { gaps: [`${subject} could not be read: ${explain(error)}`] };
  }
};

/** Like `readOrGap`, for data that only organization administrators may read: a denial is not a gap. */
export const readIfPermitted = async (
  coverage: Coverage,
  subject: string,
  read: () => Promise<Fragment>,
): Promise<Fragment> =>
  readOrGap(subject, async () => {
    try {
      return { ...(await read()), coverage: [coverage] };
    } catch (error) {
      if (!hasCode(error, ...DENIED_CODES)) throw error;
      return { refusals: [{ ...coverage, reason: explain(error) }] };
    }
  });

const DENIED_CODES = ['AccessDeniedException', 'AccessDenied', 'AWSOrganizationsNotInUseException'];

/** Returns `undefined` when AWS answers with one of the not-found codes. */
export const undefinedIfNotFound = async <T>(
  response: Promise<T>,
  ...codes: readonly string[]
): Promise<T | undefined> => {
  try {
    return await response;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
};

/** Joins fragments into one deployment. */
export const mergeFragments = (partition: string, fragments: readonly Fragment[]): Deployment => {
  const all = <Key extends Lists>(key: Key): NonNullable<Fragment[Key]>[number][] =>
    fragments.flatMap((fragment): readonly NonNullable<Fragment[Key]>[number][] => fragment[key] ?? []);
  return {
    partition,
    functions: all('functions'),
    permissions: all('permissions'),
    aliases: all('aliases'),
    roles: all('roles'),
    documents: all('documents'),
    packs: all('packs'),
    rules: all('rules'),
    recorders: all('recorders'),
    channels: all('channels'),
    tables: all('tables'),
    buckets: all('buckets'),
    parameters: all('parameters'),
    topics: all('topics'),
    logGroups: all('logGroups'),
    signingKeys: all('signingKeys'),
    viewerFunctions: all('viewerFunctions'),
    logPolicies: all('logPolicies'),
    eventBuses: all('eventBuses'),
    eventRules: all('eventRules'),
    organization: fragments.reduce<DeployedOrganization>(
      (whole, { organization }) => ({ ...whole, ...organization }),
      {},
    ),
    serviceControlPolicies: all('serviceControlPolicies'),
    providerConstraints: all('providerConstraints'),
    coverage: distinctCoverage(all('coverage')),
    refusals: all('refusals'),
    gaps: all('gaps').toSorted(),
  };
};
