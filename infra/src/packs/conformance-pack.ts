import { createHash } from 'node:crypto';

import type { Rule, Settings } from '@compliance/core';
import { stringify } from 'yaml';

import { PACKS } from '../names/names.ts';
import type { RegionalPlace } from '../names/arn.ts';
import { packResources, type PackResource } from './pack-resources.ts';

export interface ConformancePackInput {
  readonly rules: readonly Rule[];
  readonly settings: Settings;
  readonly region: string;
  readonly partition: string;
  /** What one pack holds at most; AWS's limits unless told. */
  readonly shard?: Partial<Shard>;
}

interface Shard {
  readonly rules: number;
  readonly bytes: number;
}

export interface ConformancePackTemplate {
  readonly Resources: Readonly<Record<string, PackResource>>;
}

export interface ConformancePack {
  /** `compliance-regional`, `compliance-global`, and `-2` … where one pack cannot hold all. */
  readonly name: string;
  readonly template: ConformancePackTemplate;
  /** The template as it is uploaded; the same text for the same rules and settings, in whichever order they come. */
  readonly yaml: string;
  /** Named by the content: a changed pack is a changed URI, which is what makes AWS Config take it. */
  readonly key: `packs/${string}.yaml`;
}

/** @see https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html - of a template in S3. */
const LIMITS: Shard = { rules: 130, bytes: 300_000 };

/**
 * The conformance packs of one Region: the rules that run in every Region, and in the home Region those that run
 * only there. Rules that are off in every account are left out. No pack when nothing is left.
 * @throws {Error} naming the rule that exceeds a limit of AWS Config, or the Region that the settings don't list
 */
export const conformancePacks = ({
  rules,
  settings,
  region,
  partition,
  shard,
}: ConformancePackInput): readonly ConformancePack[] => {
  const { masterAccountId, homeRegion, regions } = settings.organization;
  if (!regions.includes(region))
    throw new Error(
      `No pack for ${region}: the settings list ${regions.join(', ')}. Add it to compliance.yaml.`,
    );
  const place = { partition, region, accountId: masterAccountId };
  const limits = { ...LIMITS, ...shard };
  const packs = (name: string, deploy: Rule['deploy']) =>
    packsOf(
      name,
      resourcesOf(
        rules.filter((rule) => rule.deploy === deploy),
        settings,
        place,
      ),
      limits,
    );
  return [
    ...packs(PACKS.regional, 'every-region'),
    ...(region === homeRegion ? packs(PACKS.global, 'home-region') : []),
  ];
};

type Resources = Readonly<Record<string, PackResource>>;

/** What each rule brings, in the order of the commands. */
const resourcesOf = (
  rules: readonly Rule[],
  settings: Settings,
  place: RegionalPlace,
): readonly Resources[] => {
  const resources = rules
    .toSorted((a, b) => (a.command < b.command ? -1 : 1))
    .map((rule) => packResources(rule, settings, place));
  const names = resources.flatMap((resource) => Object.keys(resource));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(
      `Two rules of the pack would both be '${twice}' in the template. Rename one of the commands.`,
    );
  return resources.filter((resource) => Object.keys(resource).length > 0);
};

const packsOf = (name: string, resources: readonly Resources[], limits: Shard): readonly ConformancePack[] =>
  shardsOf(resources, limits).map((shard, index) => {
    const template = templateOf(shard);
    const yaml = yamlOf(template);
    const hash = createHash('sha256').update(yaml).digest('hex');
    return { name: index === 0 ? name : `${name}-${index + 1}`, template, yaml, key: `packs/${hash}.yaml` };
  });

const shardsOf = (resources: readonly Resources[], limits: Shard): readonly (readonly Resources[])[] => {
  const shards: { readonly resources: Resources[]; bytes: number }[] = [];
  for (const resource of resources) {
    const bytes = Buffer.byteLength(yamlOf(templateOf([resource])));
    if (bytes > limits.bytes)
      throw new Error(
        `${Object.keys(resource)[0]} alone has ${bytes} bytes, and a conformance pack takes ${limits.bytes}.`,
      );
    const last = shards.at(-1);
    if (last && last.resources.length < limits.rules && last.bytes + bytes <= limits.bytes) {
      last.resources.push(resource);
      last.bytes += bytes;
    } else shards.push({ resources: [resource], bytes });
  }
  return shards.map((shard) => shard.resources);
};

const templateOf = (resources: readonly Resources[]): ConformancePackTemplate => ({
  Resources: Object.fromEntries(resources.flatMap((resource) => Object.entries(resource))),
});

// No anchors, no folded lines: AWS Config's YAML knows less than YAML does.
const yamlOf = (template: ConformancePackTemplate) =>
  stringify(template, { aliasDuplicateObjects: false, lineWidth: 0 });
