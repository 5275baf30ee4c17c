import {
  daysUntil,
  didYouMean,
  isInOu,
  reachesEveryAccount,
  type Exemption,
  type Exemptions,
  type Settings,
} from '@compliance/core';
import { loadAllRules } from '@compliance/registry';

import type { YamlFile } from '../../input/read-yaml.ts';
import { unknownRule } from '../../input/unknown-rule.ts';

/** What exemptions may refer to. Without settings, accounts, OUs and Regions are not known. */
interface Known {
  readonly settings: Settings | undefined;
  /** `cis-7.0/4.1`: each control that a rule judges. */
  readonly controls: readonly string[];
}

/** The mistakes in an exemptions file, each with its line. Every reference is looked up. */
export const exemptionMistakes = async (
  { value, placeOf }: YamlFile<Exemptions>,
  settings: Settings | undefined,
): Promise<readonly string[]> => {
  const known = { settings, controls: await judgedControls() };
  const maxDays = settings?.exemptionMaxDays ?? 365;
  const now = new Date();
  const ids = value.exemptions.map(({ id }) => id);
  return value.exemptions.flatMap((exemption, index) =>
    [
      ...(ids.indexOf(exemption.id) === index ? [] : [`duplicate id ${exemption.id}`]),
      ...unknownReferences(exemption, known),
      ...(reachesEveryAccount(exemption)
        ? [`${exemption.id} reaches every account by a tag that any account can set: name accounts or ous`]
        : []),
      ...(daysUntil(exemption, now) <= maxDays
        ? []
        : [`${exemption.id} expires ${exemption.expires}, more than the allowed ${maxDays} days from now`]),
    ].map((mistake) => `${placeOf(['exemptions', index])}: ${mistake}`),
  );
};

const judgedControls = async () => {
  const rules = await loadAllRules();
  return rules.flatMap(({ controls }) =>
    Object.entries(controls).flatMap(([framework, numbers]) =>
      numbers.map((number) => `${framework}/${number}`),
    ),
  );
};

const unknownReferences = (
  { accounts = [], ous = [], regions = [], commands = [], controls = [], resources = [] }: Exemption,
  { settings, controls: judged }: Known,
): readonly string[] => [
  ...commands.map(unknownRule).filter((mistake) => mistake !== undefined),
  ...controls
    .filter((control) => !judged.includes(control))
    .map((control) => `no rule judges control ${control}${didYouMean(control, judged)}`),
  ...(settings ? unknownPlaces({ accounts, ous, regions, resources }, settings) : []),
];

interface Places {
  readonly accounts: readonly string[];
  readonly ous: readonly string[];
  readonly regions: readonly string[];
  readonly resources: readonly string[];
}

const unknownPlaces = (
  { accounts, ous, regions, resources }: Places,
  { accounts: listed, organization }: Settings,
): readonly string[] => {
  const arns = resources.filter((pattern) => pattern.startsWith('arn:')).map((pattern) => pattern.split(':'));
  const inArns = (part: number, shape: RegExp) =>
    arns.map((parts) => parts[part] ?? '').filter((text) => shape.test(text));
  const known = { ids: listed.map(({ id }): string => id), ous: listed.flatMap(({ ou }) => ou ?? []) };
  return [
    ...[...accounts, ...inArns(4, /^\d{12}$/)]
      .filter((id) => !known.ids.includes(id))
      .map((id) => `account ${id} is not in the settings${didYouMean(id, known.ids)}`),
    ...ous
      .filter((ou) => !listed.some((account) => isInOu(account, ou)))
      .map((ou) => `no account of the settings is in OU ${ou}${didYouMean(ou, known.ous)}`),
    ...[...regions, ...inArns(3, /^[a-z]{2}-[a-z-]+-\d$/)]
      .filter((region) => !organization.regions.includes(region))
      .map((region) => `Region ${region} is not in the settings${didYouMean(region, organization.regions)}`),
  ];
};
