import type { DeployedPack } from '../model/deployment.ts';
import { formatPlace } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { type Check, type CheckContext } from './check-context.ts';

/** @see https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html */
const LIMITS = {
  rules: 130,
  inlineBytes: 51_200,
  storedBytes: 300_000,
  organizationName: 128,
  name: 256,
  excluded: 1000,
};

const NO_TEMPLATE = 'the template is unknown: AWS does not return it';

/** AWS Config adds 27 characters to the name of a pack's rule; some of its calls accept 64. */
const RULE_NAME = 37;

const packTemplateSize: Check = (context) =>
  eachPack(context, ({ name, bytes, inline }, subject) => {
    const limit = inline === true ? LIMITS.inlineBytes : LIMITS.storedBytes;
    if (bytes === undefined) return [undetermined(subject, NO_TEMPLATE)];
    if (bytes <= limit) return [];
    return [
      {
        subject,
        problem: `The template of pack ${name} has ${bytes} bytes; AWS Config accepts at most ${limit}.`,
        remedy:
          inline === true
            ? `Store the template of pack ${name} in S3.`
            : `Split pack ${name} into two packs.`,
      },
    ];
  });

const packRuleCount: Check = (context) =>
  eachPack(context, ({ name, ruleNames }, subject) => {
    if (!ruleNames) return [undetermined(subject, NO_TEMPLATE)];
    if (ruleNames.length <= LIMITS.rules) return [];
    return [
      {
        subject,
        problem: `Pack ${name} has ${ruleNames.length} rules; AWS Config accepts at most ${LIMITS.rules}.`,
        remedy: `Split pack ${name} into two packs.`,
      },
    ];
  });

const packNames: Check = (context) =>
  eachPack(context, ({ name, scope, ruleNames = [] }, subject) => {
    const limit = scope === 'organization' ? LIMITS.organizationName : LIMITS.name;
    const packName =
      name.length > limit || !/^[a-zA-Z][-a-zA-Z0-9]*$/.test(name)
        ? [
            {
              subject,
              problem: `AWS Config rejects the pack name ${name}: it needs a letter first, then letters, digits and hyphens, at most ${limit} characters.`,
              remedy: `Rename pack ${name}.`,
            },
          ]
        : [];
    return [
      ...packName,
      ...ruleNames
        .filter((rule) => rule.length > RULE_NAME)
        .map((rule) => ({
          subject: `rule ${rule} of ${subject}`,
          problem: `Rule name ${rule} has ${rule.length} characters: with the suffix of the pack it exceeds the 64 that AWS Config accepts when verdicts are read.`,
          remedy: `Use the name that configRuleName of @compliance/core gives: at most ${RULE_NAME} characters.`,
        })),
    ];
  });

const packArrived: Check = (context) =>
  eachPack(context, ({ name, failures = [] }, subject) =>
    failures.map(({ accountId, reason }) => ({
      subject: `${subject}, account ${accountId}`,
      problem: `AWS Config could not deploy pack ${name} to account ${accountId}: ${reason}`,
      remedy: `Fix the cause in account ${accountId}, then run the rollout again.`,
    })),
  );

const packExclusions: Check = (context) =>
  eachPack(context, ({ name, excludedAccounts }, subject) =>
    excludedAccounts.length <= LIMITS.excluded
      ? []
      : [
          {
            subject,
            problem: `Pack ${name} excludes ${excludedAccounts.length} accounts; AWS Config accepts at most ${LIMITS.excluded}.`,
            remedy: 'List more accounts of the organization in compliance.yaml, with mode off.',
          },
        ],
  );

export const packChecks = {
  'pack-template-size': packTemplateSize,
  'pack-rule-count': packRuleCount,
  'pack-names': packNames,
  'pack-exclusions': packExclusions,
  'pack-arrived': packArrived,
} as const satisfies Record<string, Check>;

const eachPack = (
  context: CheckContext,
  check: (pack: DeployedPack, subject: string) => readonly Problem[],
): readonly Problem[] =>
  context.deployment.packs.flatMap((pack) => check(pack, `pack ${pack.name} ${formatPlace(pack)}`));
