import {
  applicableTo,
  didYouMean,
  explain,
  isGlobMatch,
  isPlausibleRegion,
  knownRegions,
  nearest,
  notARegion,
  parametersOf,
  partitionOf,
  ruleKeysFor,
  type Account,
  type Rule,
  type Settings,
} from '@compliance/core';
import { frameworkIds, hasLevels, selectedRules } from '@compliance/frameworks';
import * as z from 'zod';

import { dashboardProblems } from './dashboard-problems.ts';
import { firstAccountWithoutRoom } from './functions/function-permissions.ts';
import { UNPROVEN_KEY, policyOrganization } from './functions/organization-policies.ts';
import { ledgerProblems } from './ledger-problems.ts';

/** What is wrong with the settings, although each value has the form that the schema asks for. */
export interface SettingsProblem {
  /** Where in compliance.yaml. */
  readonly path: Path;
  readonly message: string;
  /** Whether the settings can be used nevertheless. */
  readonly isWarning?: true;
}

/** Finds settings that no rule can use or AWS would refuse. Each is reported once, however many accounts it affects. */
export const findSettingsProblems = (
  settings: Settings,
  rules: readonly Rule[],
): readonly SettingsProblem[] => [
  ...unknownRules(settings, rules),
  ...unknownTypes(settings, rules),
  ...frameworkProblems(settings),
  ...unselectedRules(settings, rules),
  ...mergeRules(rules.flatMap((rule) => parameterProblems(settings, rule))),
  ...regionProblems(settings),
  ...roomProblems(settings),
  ...unprovenPolicies(settings),
  ...ledgerProblems(settings),
  ...dashboardProblems(settings),
];

/** The problems because of which nothing may be built, one sentence each. */
export const settingsProblems = (settings: Settings, rules: readonly Rule[]): readonly string[] =>
  findSettingsProblems(settings, rules)
    .filter(({ isWarning }) => !isWarning)
    .map(asSentence);

/** Finds values of compliance.example.yaml that an organization must replace before anything of it reaches AWS. */
export const findPlaceholders = ({ organization: { externalId } }: Settings): readonly SettingsProblem[] =>
  PLACEHOLDER.test(externalId)
    ? [
        {
          path: ['organization', 'externalId'],
          message: `is still the placeholder '${externalId}': put in a random text of your own, such as the output of uuidgen`,
        },
      ]
    : [];

// What people write where a value is still to come; AWS would accept each.
const PLACEHOLDER =
  /^(change|replace)[-_]?me(?![a-z])|^your[-_]|^(placeholder|to-?do|tbd)$|^(?<letter>.)\k<letter>+$/i;

/** `organization.externalId: is still …` */
export const asSentence = ({ path, message }: SettingsProblem): string => `${path.join('.')}: ${message}`;

const unknownRules = (settings: Settings, rules: readonly Rule[]): readonly SettingsProblem[] =>
  Object.keys(settings.rules).flatMap((key) => {
    const commands = rules.map(({ command }) => command);
    if (commands.some((command) => isGlobMatch(key, command))) return [];
    const unknown = `unknown rule ${key}${didYouMean(key, commands)}`;
    return [{ path: ['rules', key], message: key.includes('*') ? `no rule matches ${key}` : unknown }];
  });

const unknownTypes = ({ recording }: Settings, rules: readonly Rule[]): readonly SettingsProblem[] => {
  const known = [...new Set(rules.map(({ resourceType }) => resourceType))];
  return (recording?.scheduleOnly ?? []).flatMap((type, index) =>
    known.includes(type)
      ? []
      : [
          {
            path: ['recording', 'scheduleOnly', index],
            message: `no rule has the resource type '${type}'${didYouMean(type, known) || `; the nearest are ${nearest(type, known).join(', ')}`}`,
          },
        ],
  );
};

const frameworkProblems = ({ frameworks = [] }: Settings): readonly SettingsProblem[] =>
  frameworks.flatMap(({ id, level }, index): readonly SettingsProblem[] => {
    const path = ['frameworks', index];
    if (!frameworkIds.includes(id))
      return [
        {
          path: [...path, 'id'],
          message: `unknown framework '${id}'${didYouMean(id, frameworkIds) || `; the nearest are ${nearest(id, frameworkIds).join(', ')}`}`,
        },
      ];
    if (level !== undefined && !hasLevels(id))
      return [{ path: [...path, 'level'], message: `${id} has no levels: leave it out` }];
    const first = frameworks.findIndex((framework) => framework.id === id);
    return first === index ? [] : [{ path, message: `${id} is selected twice: keep the higher level` }];
  });

/** Settings by the name of a rule that is not deployed, which somebody meant to have. */
const unselectedRules = (settings: Settings, rules: readonly Rule[]): readonly SettingsProblem[] => {
  const selected = new Set(selectedRules(settings, rules).map(({ command }) => command));
  return rules
    .filter(({ command }) => command in settings.rules && !selected.has(command))
    .map(({ command }) => ({
      path: ['rules', command],
      message: 'has no effect: no framework that the settings select asks for this rule',
      isWarning: true,
    }));
};

/** A problem of one rule, whose key in the settings may be a glob and serve others too. */
interface ParameterProblem extends SettingsProblem {
  readonly command: string;
}

// Only groups make a difference between accounts, apart from placeholders, which have the same form everywhere.
const parameterProblems = (settings: Settings, rule: Rule): readonly ParameterProblem[] =>
  [...Map.groupBy(settings.accounts, ({ groups }) => JSON.stringify(groups)).values()].flatMap(([account]) =>
    account ? problemsInAccount(settings, rule, account) : [],
  );

const problemsInAccount = (settings: Settings, rule: Rule, account: Account): readonly ParameterProblem[] => {
  const applicable = applicableTo(settings, account, rule.command);
  const { homeRegion: region } = settings.organization;
  try {
    parametersOf(rule, applicable, { accountId: account.id, region, partition: partitionOf(region) });
    return [];
  } catch (error) {
    const { command } = rule;
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof z.ZodError))
      return [{ path: whereSet(settings, account, command), message: explain(error), command }];
    return cause.issues.flatMap((issue) =>
      pathsOf(issue).map(([name, ...inside]) => ({
        path: [...whereSet(settings, account, command, name), ...inside],
        message: isUnknownParameter(issue) ? unknownParameter(rule, String(name)) : issue.message,
        command,
      })),
    );
  }
};

type Path = readonly (string | number)[];

/** The places of an issue: of each unknown key, otherwise its own. */
const pathsOf = (issue: z.core.$ZodIssue): readonly Path[] => {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
};

const isUnknownParameter = ({ code, path }: z.core.$ZodIssue): boolean =>
  code === 'unrecognized_keys' && path.length === 0;

const unknownParameter = ({ parameters }: Rule, name: string): string => {
  const known = parameters instanceof z.ZodObject ? Object.keys(parameters.shape) : [];
  const list = known.length === 0 ? '; the rule has none' : `; the rule has ${known.join(', ')}`;
  return `unknown parameter '${name}'${didYouMean(name, known) || list}`;
};

/** The place that sets a parameter in an account: its last group that does, otherwise the rule; without a name, the rule. */
const whereSet = (settings: Settings, { groups }: Account, command: string, name?: string | number): Path => {
  const keys = ruleKeysFor(settings, command).toReversed();
  const places = [
    ...groups.toReversed().flatMap((group) =>
      keys.map((key) => ({
        path: ['rules', key, 'groups', group],
        choice: settings.rules[key]?.groups[group],
      })),
    ),
    ...keys.map((key) => ({ path: ['rules', key], choice: settings.rules[key] })),
  ];
  const setting = places.find(({ choice }) => name !== undefined && name in (choice?.parameters ?? {}));
  if (setting && name !== undefined) return [...setting.path, 'parameters', name];
  return places.find(({ choice }) => choice?.parameters)?.path ?? ['rules', ...keys.slice(0, 1)];
};

/** Reports what a glob sets wrongly for several rules once. */
const mergeRules = (problems: readonly ParameterProblem[]): readonly SettingsProblem[] =>
  [...Map.groupBy(problems, asSentence).values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const more = new Set(same.map(({ command }) => command)).size - 1;
    const of = more > 0 ? `${first.command} and ${more} more` : first.command;
    return [{ path: first.path, message: `${first.message} (parameters of ${of})` }];
  });

const regionProblems = ({ organization: { homeRegion, regions } }: Settings): readonly SettingsProblem[] =>
  regions.flatMap((region, index): readonly SettingsProblem[] => {
    const path = ['organization', 'regions', index];
    const partition = partitionOf(region);
    if (!isPlausibleRegion(region)) return [{ path, message: notARegion(region) }];
    // Each Region has its own Terraform state, which two runs must not change at once.
    if (regions.indexOf(region) !== index) return [{ path, message: `Region ${region} is listed twice` }];
    if (partition !== partitionOf(homeRegion))
      return [
        {
          path,
          message: `${region} is in partition ${partition}, and the home Region ${homeRegion} in ${partitionOf(homeRegion)}, whose credentials it does not accept: use one installation for each partition`,
        },
      ];
    return knownRegions().includes(region)
      ? []
      : [
          {
            path,
            message: `this release does not know the Region ${region}${didYouMean(region, knownRegions())} If AWS opened it since, ignore this`,
            isWarning: true,
          },
        ];
  });

const unprovenPolicies = ({ organization }: Settings): readonly SettingsProblem[] =>
  policyOrganization(organization) === undefined
    ? []
    : [{ path: ['organization', 'invokePermission'], message: UNPROVEN_KEY, isWarning: true }];

const roomProblems = (settings: Settings): readonly SettingsProblem[] => {
  const refused = firstAccountWithoutRoom(settings);
  return refused ? [{ path: ['accounts', refused.index], message: refused.reason }] : [];
};
