import { canonical, type Exemption } from '@compliance/core';

import type { SettingsChange } from './settings-difference.ts';

/** Describes exemptions that are added, changed or removed, and who approved them. */
export const exemptionsDifference = (
  before: readonly Exemption[],
  after: readonly Exemption[],
): readonly SettingsChange[] => {
  const was = new Map(before.map((exemption) => [exemption.id, exemption]));
  const is = new Map(after.map((exemption) => [exemption.id, exemption]));
  return [
    ...after.flatMap((exemption) => {
      const old = was.get(exemption.id);
      if (canonical(old ?? null) === canonical(exemption)) return [];
      const [verb, earlier] = old ? ['changes', `, before ${describe(old)}`] : ['is added', ''];
      return [{ widens: true, what: `Exemption ${exemption.id} ${verb}: ${describe(exemption)}${earlier}.` }];
    }),
    ...before
      .filter(({ id }) => !is.has(id))
      // Fixes may then change what it covered.
      .map(({ id }) => ({ widens: true, what: `Exemption ${id} is removed: what it covered may be fixed.` })),
  ];
};

const MATCHERS = ['resources', 'tags', 'accounts', 'ous', 'regions', 'commands', 'controls'] as const;

const describe = (exemption: Exemption): string => {
  const { reason, owner, approver, ticket, expires } = exemption;
  const what = MATCHERS.flatMap((name) => {
    const values = exemption[name];
    if (values === undefined) return [];
    return `${name} ${Array.isArray(values) ? values.join(', ') : canonical(values)}`;
  });
  return `${what.join('; ')}; until ${expires}, because ${reason} (${owner}, approved by ${approver}, ${ticket})`;
};
