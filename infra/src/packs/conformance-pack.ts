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
  /** The limits of one pack; AWS's by default. */
  readonly shard?: Partial<Shard>;
}

interface Shard {
  readonly rules: number;
  readonly bytes: number;
}

interface ConformancePackTemplate {
  readonly Resources: Readonly<Record<string, PackResource>>;
}

export interface ConformancePack {
  /** `compliance-regional` or `compliance-global`, with `-2` … when the rules exceed one pack. */
  readonly name: string;
  readonly template: ConformancePackTemplate;
  /** The template as it is uploaded. The order of the rules does not change the text. */
  readonly yaml: string;
  /** Contains the digest: AWS Config reads a changed pack only from a changed URI. */
  readonly key: `packs/${string}.yaml`;
}

/** AWS's limits for a template in S3. @see https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html */
export const PACK_LIMITS: Shard = { rules: 130, bytes: 300_000 };

/**
 * Returns the conformance packs of one Region; none when every rule is off.
 * They contain the rules that run in every Region and, in the home Region, those that run only there. Rules that are
 * off in every account are left out.
 * @throws {Error} naming the rule that exceeds a limit of AWS Config, or the Region that the settings do not list
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
      `No conformance pack for ${region}: the settings list only ${regions.join(', ')}. Add the Region to compliance.yaml.`,
    );
  const place = { partition, region, accountId: masterAccountId };
  const limits = { ...PACK_LIMITS, ...shard };
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

/** The resources of each rule, sorted by command. */
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
      `Two rules of the pack have the same logical id in the template: ${twice}. Rename one of the commands.`,
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
        `Rule ${Object.keys(resource)[0]} is too large for a conformance pack: ${bytes} bytes; the limit is ${limits.bytes}. Shorten it.`,
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

// No anchors and no folded lines: AWS Config reads only a subset of YAML.
const yamlOf = (template: ConformancePackTemplate) =>
  stringify(template, { aliasDuplicateObjects: false, lineWidth: 0 });
