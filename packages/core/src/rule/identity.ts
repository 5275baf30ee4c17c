import type { Resource } from '../aws/resource.ts';
import type { Observation } from './rule.ts';

/** The resource with the names that its observation found. They win, because names change and ids do not. */
export const withIdentity = (resource: Resource, { identity }: Pick<Observation, 'identity'>): Resource => ({
  ...resource,
  ...identity,
});
