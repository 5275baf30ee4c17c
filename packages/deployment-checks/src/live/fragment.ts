import { explain, hasCode } from '@compliance/core';

import { distinctCoverage, type Coverage } from '../model/coverage.ts';
import type { DeployedOrganization, Deployment } from '../model/deployment.ts';

/** What one reading of one part of one account adds to a deployment. */
export type Fragment = Partial<Omit<Deployment, 'partition'>>;

type Lists = Exclude<keyof Fragment, 'organization'>;

/**
 * What a reading found; or, when it failed - for want of permission, most often - a gap and no look: what could not
 * be seen is not called missing.
 */
export const readOrGap = async (what: string, read: () => Promise<Fragment>): Promise<Fragment> => {
  try {
    return await read();
  } catch (error) {
    return { gaps: [`${what} could not be read: ${explain(error)}`] };
  }
};

/** As `attempt`, for what AWS shows to administrators of the organization only: not to be shown it is no fault. */
export const readIfPermitted = async (
  look: Coverage,
  what: string,
  read: () => Promise<Fragment>,
): Promise<Fragment> =>
  readOrGap(what, async () => {
    try {
      return { ...(await read()), coverage: [look] };
    } catch (error) {
      if (!hasCode(error, ...REFUSED)) throw error;
      return { refusals: [{ ...look, reason: explain(error) }] };
    }
  });

const REFUSED = ['AccessDeniedException', 'AccessDenied', 'AWSOrganizationsNotInUseException'];

/** The answer, or nothing where AWS says that there is no such thing. */
export const undefinedIfNotFound = async <T>(
  answer: Promise<T>,
  ...codes: readonly string[]
): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
};

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
