import { canonical } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, automationDocument, functionArn } from '@compliance/infra';

import type { DeployedDocument } from '../model/deployment.ts';
import { formatPlace, sameRegionAs } from '../model/place.ts';
import { undetermined, type Problem } from '../model/problem.ts';
import { coveredRegions, masterIn, type Check, type CheckContext } from './check-context.ts';

const documentExists: Check = (context) =>
  coveredRegions(context, 'functions', context.masterAccountId)
    .filter((region) => !documentIn(context, region))
    .map((region) => ({
      subject: subjectOf(context, region),
      problem: `Document ${DOCUMENT} does not exist: nothing in this Region can be fixed.`,
      remedy: 'Apply the regional part of the master module in this Region.',
    }));

const documentShared: Check = (context) =>
  eachDocument(context, ({ sharedWith }, subject) =>
    context.accounts
      .filter(({ id }) => id !== context.masterAccountId && !sharedWith.includes(id))
      .map(({ id }) => ({
        subject,
        problem: `Document ${DOCUMENT} is not shared with account ${id}: no automation can start there.`,
        remedy: `Share document ${DOCUMENT} with account ${id} (up to 20 accounts per call).`,
      })),
  );

const documentNotPublic: Check = (context) =>
  eachDocument(context, ({ sharedWith }, subject) =>
    sharedWith.some((id) => id.toLowerCase() === 'all')
      ? [
          {
            subject,
            problem: `Document ${DOCUMENT} is shared with every AWS account.`,
            remedy: `Share document ${DOCUMENT} with the member accounts only.`,
          },
        ]
      : [],
  );

const documentVersionCurrent: Check = (context) =>
  eachDocument(context, ({ defaultVersion, latestVersion }, subject) =>
    defaultVersion === latestVersion
      ? []
      : [
          {
            subject,
            problem: `Members run version ${defaultVersion} of document ${DOCUMENT}; the latest is ${latestVersion}.`,
            remedy: `Make version ${latestVersion} of document ${DOCUMENT} the default.`,
          },
        ],
  );

/**
 * Leaves room for parameter values of an execution, 512 characters each.
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-creating-content.html
 */
const LIMITS = { documentBytes: 64 * 1024 - 4 * 512, accounts: 1000 };

const documentLimits: Check = (context) =>
  eachDocument(context, ({ content, sharedWith }, subject) => {
    const bytes = Buffer.byteLength(JSON.stringify(content ?? ''));
    const problems = [
      bytes > LIMITS.documentBytes &&
        `Document ${DOCUMENT} has ${bytes} bytes; SSM Automation runs at most ${LIMITS.documentBytes}.`,
      sharedWith.length > LIMITS.accounts &&
        `Document ${DOCUMENT} is shared with ${sharedWith.length} accounts; AWS Systems Manager allows at most ${LIMITS.accounts}.`,
    ].filter((sentence) => sentence !== false);
    if (problems.length === 0) return [];
    return [
      { subject, problem: problems.join(' '), remedy: 'Distribute the accounts over several installations.' },
    ];
  });

/** The content must equal the emitted one: it decides what an automation can invoke. */
const documentAsEmitted: Check = (context) =>
  eachDocument(context, ({ content, region }, subject) => {
    if (content === undefined) return [undetermined(subject, 'the content is known only after apply')];
    const expected = functionArn(masterIn(context, region), FUNCTIONS.remediation);
    const emitted = (['embedded', 'parameter'] as const).map((assumeRole) =>
      canonical(automationDocument({ functionArn: expected, assumeRole })),
    );
    const text = canonical(content);
    if (emitted.includes(text)) return [];
    const invoked = [...new Set(text.match(/arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w:-]+/g))];
    return [
      {
        subject,
        problem:
          invoked.join() === expected
            ? `The content of document ${DOCUMENT} differs from what this version of the product emits.`
            : `Document ${DOCUMENT} invokes ${invoked.join(', ') || 'no function'} instead of ${expected}.`,
        remedy: 'Apply the regional part of the master module in this Region.',
      },
    ];
  });

export const documentChecks = {
  'document-exists': documentExists,
  'document-shared': documentShared,
  'document-not-public': documentNotPublic,
  'document-version-current': documentVersionCurrent,
  'document-limits': documentLimits,
  'document-as-emitted': documentAsEmitted,
} as const satisfies Record<string, Check>;

const documentIn = ({ deployment, ...context }: CheckContext, region: string) =>
  deployment.documents.find(
    (document) =>
      document.name === DOCUMENT && sameRegionAs({ accountId: context.masterAccountId, region })(document),
  );

const eachDocument = (
  context: CheckContext,
  check: (document: DeployedDocument, subject: string) => readonly Problem[],
) =>
  coveredRegions(context, 'functions', context.masterAccountId).flatMap((region) => {
    const document = documentIn(context, region);
    return document ? check(document, subjectOf(context, region)) : [];
  });

const subjectOf = (context: CheckContext, region: string) =>
  `document ${DOCUMENT} ${formatPlace(masterIn(context, region))}`;
