import type { DeployedPack } from '../model/deployment.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { formatPlace } from '../model/place.ts';
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

const NO_TEMPLATE = 'its template is not in sight: AWS does not give it back';

/** AWS Config adds 27 characters to a pack rule's name, and some of its calls take 64. */
const RULE_NAME = 37;

const packTemplateSize: Check = (context) =>
  eachPack(context, ({ bytes, inline }, subject) => {
    const limit = inline === true ? LIMITS.inlineBytes : LIMITS.storedBytes;
    if (bytes === undefined) return [undetermined(subject, NO_TEMPLATE)];
    if (bytes <= limit) return [];
    return [
      {
        subject,
        problem: `Its template has ${bytes} bytes, and AWS Config takes ${limit}.`,
        remedy: inline === true ? 'Put the template into S3.' : 'Split it into two packs.',
      },
    ];
  });

const packRuleCount: Check = (context) =>
  eachPack(context, ({ ruleNames }, subject) => {
    if (!ruleNames) return [undetermined(subject, NO_TEMPLATE)];
    if (ruleNames.length <= LIMITS.rules) return [];
    return [
      {
        subject,
        problem: `It has ${ruleNames.length} rules, and AWS Config takes ${LIMITS.rules}.`,
        remedy: 'Split it into two packs.',
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
              problem: `AWS Config takes no such name: letters, digits and hyphens, ${limit} at most.`,
              remedy: 'Give the pack another name.',
            },
          ]
        : [];
    return [
      ...packName,
      ...ruleNames
        .filter((rule) => rule.length > RULE_NAME)
        .map((rule) => ({
          subject: `rule ${rule} of ${subject}`,
          problem: `Its name has ${rule.length} characters. With the pack's suffix it passes the 64 with which its verdicts are read.`,
          remedy: `Name it as core's configRuleName does: ${RULE_NAME} characters at most.`,
        })),
    ];
  });

const packArrived: Check = (context) =>
  eachPack(context, ({ failures = [] }, subject) =>
    failures.map(({ accountId, reason }) => ({
      subject: `${subject}, account ${accountId}`,
      problem: `AWS Config could not deploy it: ${reason}`,
      remedy: 'Mend what it says there, then run the rollout again.',
    })),
  );

const packExclusions: Check = (context) =>
  eachPack(context, ({ excludedAccounts }, subject) =>
    excludedAccounts.length <= LIMITS.excluded
      ? []
      : [
          {
            subject,
            problem: `It leaves ${excludedAccounts.length} accounts out, and AWS Config takes ${LIMITS.excluded}.`,
            remedy: 'List more of the accounts of the organization in compliance.yaml, with mode off.',
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
