import { partitionOf } from '@compliance/core';
import { conformancePacks } from '@compliance/infra';

import type { DesiredState } from '../model/desired-state.ts';

/** Finds a pack template by its S3 key, its digest. A plan contains only the key. */
export const createTemplateLookup = ({ rules, settings }: Pick<DesiredState, 'rules' | 'settings'>) => {
  let texts: ReadonlyMap<string, string> | undefined;
  return (key: string): string | undefined => {
    texts ??= new Map(
      settings.organization.regions
        .flatMap((region) => generatePacks({ rules, settings, region, partition: partitionOf(region) }))
        .map((pack) => [pack.key, pack.yaml] as const),
    );
    return texts.get(key);
  };
};

// Invalid packs are reported when they are generated; here the templates in the plan still count.
const generatePacks = (input: Parameters<typeof conformancePacks>[0]) => {
  try {
    return conformancePacks(input);
  } catch {
    return [];
  }
};
