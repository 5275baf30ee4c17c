import { explain, hasCode } from '@compliance/core';

import { distinctLooks, type DeployedOrganization, type Deployment, type Look } from '../model/deployment.ts';

/** What one reading of one part of one account adds to a deployment. */
export type Fragment = Partial<Omit<Deployment, 'partition'>>;

type Lists = Exclude<keyof Fragment, 'organization'>;

/**
 * What a reading found; or, when it failed - for want of permission, most often - a gap and no look: what could not
 * be seen is not called missing.
 */
export const attempt = async (what: string, read: () => Promise<Fragment>): Promise<Fragment> => {
  try {
    return await read();
  } catch (error) {
    return { gaps: [`${what} could not be read: ${explain(error)}`] };
  }
};

/** As `attempt`, for what AWS shows to administrators of the organization only: not to be shown it is no fault. */
export const attemptIfPermitted = async (
  look: Look,
  what: string,
  read: () => Promise<Fragment>,
): Promise<Fragment> =>
  attempt(what, async () => {
    try {
      return { ...(await read()), looks: [look] };
    } catch (error) {
      if (!hasCode(error, ...REFUSED)) throw error;
      return { refusals: [{ ...look, why: explain(error) }] };
    }
  });

const REFUSED = ['AccessDeniedException', 'AccessDenied', 'AWSOrganizationsNotInUseException'];

/** The answer, or nothing where AWS says that there is no such thing. */
export const absent = async <T>(answer: Promise<T>, ...codes: readonly string[]): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, ...codes)) return undefined;
    throw error;
  }
};

export const merge = (partition: string, fragments: readonly Fragment[]): Deployment => {
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
    serviceControls: all('serviceControls'),
    providerConstraints: all('providerConstraints'),
    looks: distinctLooks(all('looks')),
    refusals: all('refusals'),
    gaps: all('gaps').toSorted(),
  };
};
