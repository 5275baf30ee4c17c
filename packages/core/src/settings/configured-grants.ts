import type { Grant } from '../aws/grant.ts';
import type { Rule } from '../rule/rule.ts';
import { applicableTo, type Account, type Settings } from './settings.ts';

/**
 * The grants with the resource that the parameters name, where a grant depends on one: a role that a fix passes on.
 * A grant whose parameter nobody set is left out, because the fix is then left to a person.
 */
export const configuredGrants = (
  grants: readonly Grant[],
  parameterSets: readonly Readonly<Record<string, unknown>>[],
): readonly Grant[] =>
  grants.flatMap((grant) => {
    if (typeof grant === 'string' || grant.resourceFrom === undefined) return grant;
    const { resourceFrom, ...rest } = grant;
    const named = parameterSets.map((parameters) => parameters[resourceFrom]);
    const resource = [...new Set(named.filter((value) => typeof value === 'string'))].toSorted();
    return resource.length > 0 ? { ...rest, resource } : [];
  });

/** The account of a policy. Its Region is any: a role's policies hold in all of them. */
interface PolicyPlace {
  readonly accountId: string;
  readonly partition: string;
}

/** The rules with grants as these accounts' settings name the resources, for the policies of one account. */
export const withConfiguredGrants = (
  rules: readonly Rule[],
  { settings, accounts }: { readonly settings: Settings; readonly accounts: readonly Account[] },
  place: PolicyPlace,
): readonly Rule[] =>
  rules.map((rule) => {
    const parameterSets = accounts.map((account) => applicableTo(settings, account, rule.command).parameters);
    const configured = (grants: readonly Grant[]) =>
      configuredGrants(grants, parameterSets).map(inPlace(place));
    const { list, get, fix, undo } = rule.permissions;
    return {
      ...rule,
      permissions: {
        list: configured(list),
        get: configured(get),
        fix: configured(fix),
        undo: configured(undo),
      },
    };
  });

/** Fills in the placeholders of the settings. */
const inPlace =
  ({ accountId, partition }: PolicyPlace) =>
  (grant: Grant): Grant => {
    if (typeof grant === 'string' || grant.resource === undefined) return grant;
    const fill = (text: string) =>
      text
        .replaceAll('{accountId}', () => accountId)
        .replaceAll('{partition}', () => partition)
        .replaceAll('{region}', '*');
    const { resource } = grant;
    return { ...grant, resource: typeof resource === 'string' ? fill(resource) : resource.map(fill) };
  };
