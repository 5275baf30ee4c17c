import { conformancePacks, partitionOf } from '@compliance/infra';

import type { DesiredState } from '../model/desired-state.ts';

/** The templates that these rules and settings give, by the key that is their digest: a plan holds the key only. */
export const createTemplateLookup = ({ rules, settings }: Pick<DesiredState, 'rules' | 'settings'>) => {
  let texts: ReadonlyMap<string, string> | undefined;
  return (key: string): string | undefined => {
    texts ??= new Map(
      settings.organization.regions
        .flatMap((region) => packsOf({ rules, settings, region, partition: partitionOf(region) }))
        .map((pack) => [pack.key, pack.yaml] as const),
    );
    return texts.get(key);
  };
};

// What AWS Config would not take is refused where packs are made; the reading goes on with what the plan itself holds.
const packsOf = (input: Parameters<typeof conformancePacks>[0]) => {
  try {
    return conformancePacks(input);
  } catch {
    return [];
  }
};
