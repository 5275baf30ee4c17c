import { partitionOf } from '@compliance/core';
import type { OrgEvents } from '../base/org-event.ts';
import { type Place, placeKey, samePlace } from '../base/place.ts';
import { stableId } from '../base/stable-id.ts';
import { AwsError } from '../protocol/aws-error.ts';
import { expandPackTemplate, type PackContent } from './pack-template.ts';
import type { Remediation } from './remediation.ts';
import type { RuleStore } from './rule-store.ts';
import type { Tags } from './tags.ts';

export interface Pack {
  readonly place: Place;
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly parameters: Readonly<Record<string, string>>;
  state: 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'CREATE_FAILED';
  reason?: string | undefined;
  requestedAt: Date;
  completedAt?: Date;
}

export interface PacksDependencies {
  readonly now: () => Date;
  readonly rules: RuleStore;
  readonly remediation: Remediation;
  readonly tags: Tags;
  readonly events: OrgEvents;
  readonly readTemplate: (place: Place, source: TemplateSource) => Promise<string>;
}

export interface TemplateSource {
  readonly body?: string | undefined;
  readonly s3Uri?: string | undefined;
}

export interface Packs {
  /** Creates the rules and remediations; CREATE_FAILED with the reason when AWS Config refuses one. */
  readonly deploy: (
    place: Place,
    name: string,
    template: string,
    parameters: Readonly<Record<string, string>>,
  ) => Promise<Pack>;
  readonly remove: (pack: Pack) => void;
  readonly get: (place: Place, name: string) => Pack | undefined;
  readonly of: (place: Place) => readonly Pack[];
}

export const createPacks = (deps: PacksDependencies): Packs => {
  const packs = new Map<string, Pack>();

  const deploy: Packs['deploy'] = async (place, name, template, parameters) => {
    const content = expandPackTemplate(template, { parameters, region: place.region });
    const pack = packs.get(placeKey(place, name)) ?? newPack(place, name, parameters, deps.now());
    Object.assign(pack, {
      parameters,
      state: 'CREATE_IN_PROGRESS',
      reason: undefined,
      requestedAt: deps.now(),
    });
    packs.set(placeKey(place, name), pack);
    try {
      await deployContent(deps, pack, content);
      pack.state = 'CREATE_COMPLETE';
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      pack.state = 'CREATE_FAILED';
      pack.reason = `${error.code}: ${error.message}`;
    }
    pack.completedAt = deps.now();
    const { state, reason } = pack;
    deps.events.emit({
      type: 'PackDeployed',
      place,
      packName: name,
      state,
      ...(reason === undefined ? {} : { reason }),
    });
    return pack;
  };

  const remove: Packs['remove'] = (pack) => {
    for (const rule of deps.rules.of(pack.place)) if (rule.packName === pack.name) deps.rules.remove(rule);
    packs.delete(placeKey(pack.place, pack.name));
    deps.tags.forget(pack.arn);
  };

  return {
    deploy,
    remove,
    get: (place: Place, name: string) => packs.get(placeKey(place, name)),
    of: (place: Place) => [...packs.values()].filter((pack) => samePlace(pack.place, place)),
  };
};

const newPack = (place: Place, name: string, parameters: Pack['parameters'], now: Date): Pack => {
  const { accountId, region } = place;
  const id = `conformance-pack-${stableId(9, placeKey(place), name)}`;
  const arn = `arn:${partitionOf(region)}:config:${region}:${accountId}:conformance-pack/${name}/${id}`;
  return { place, name, id, arn, parameters, state: 'CREATE_IN_PROGRESS', requestedAt: now };
};

const deployContent = async (
  { rules, remediation }: PacksDependencies,
  pack: Pack,
  content: PackContent,
): Promise<void> => {
  const deployedName = (name: string): string => `${name}-conformance-pack-${stableId(9, pack.arn)}`;
  const deployedNames = new Set(content.rules.map((rule) => deployedName(rule.ConfigRuleName)));
  for (const rule of rules.of(pack.place)) {
    // A rule that is no longer in the template is removed with its verdicts.
    if (rule.packName === pack.name && !deployedNames.has(rule.name)) rules.remove(rule);
  }
  const remediations = new Map(
    content.remediations.map((configuration) => [configuration.ConfigRuleName, configuration]),
  );
  for (const definition of content.rules) {
    const name = deployedName(definition.ConfigRuleName);
    const rule = await rules.put(pack.place, { ...definition, ConfigRuleName: name }, pack.name);
    const configuration = remediations.get(definition.ConfigRuleName);
    if (configuration === undefined) remediation.remove(rule);
    else remediation.configure(rule, { ...configuration, ConfigRuleName: name });
  }
};
