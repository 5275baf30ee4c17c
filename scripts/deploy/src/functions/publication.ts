import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  canonical,
  explain,
  hasCode,
  parseExemptions,
  parseSettings,
  reachesEveryAccount,
  revisionOf,
  withFormerNames,
  type Exemption,
} from '@compliance/core';
import { publicationDifference, renderDifference, type Publication } from '@compliance/deployment-checks';
import {
  asSentence,
  findPlaceholders,
  readYamlFile,
  settingsBucket,
  settingsProblems,
} from '@compliance/infra';
import { loadAllRules } from '@compliance/registry';
import { EXEMPTIONS_KEY, MAX_STORED_BYTES, SETTINGS_KEY } from '@compliance/runtime';

import { readObject, type OwnBucket } from '../base/read-object.ts';
import type { DeployContext } from '../context/deploy-context.ts';
import { changedTargets, type DeployTarget } from './changed-targets.ts';
import { revisionEvents } from './revision-events.ts';
import { changeWithEvents } from './revision-outbox.ts';
import { openPublisher, openStateTable } from './sinks.ts';

/** Settings that are ready to be published, and what that changes. */
export interface PreparedPublication {
  /** What changes, for a person; `undefined` when exactly this is published already. */
  readonly difference: string | undefined;
  /** Writes both objects. The functions use them within a minute. */
  readonly publish: () => Promise<void>;
}

/**
 * Compares compliance.yaml and the exemptions beside it, or what is given, with what is published.
 * @param deployed the targets that this run applies as well, so that they are not said to be needed
 * @throws {Error} with every problem, before anything is changed
 */
export const preparePublication = async (
  context: DeployContext,
  deployed: readonly DeployTarget[] = [],
  given?: Publication,
): Promise<PreparedPublication> => {
  const { settingsPath } = context;
  const after = given ?? (await readOwnPublication(context));
  const rules = await loadAllRules();
  const problems = [
    ...findPlaceholders(after.settings).map(asSentence),
    ...settingsProblems(after.settings, rules),
  ];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  assertBounded(after.exemptions, exemptionsPath(context));
  const objects: readonly [PublishedObject, PublishedObject] = [
    {
      Key: SETTINGS_KEY,
      Body: serialize(
        withFormerNames(after.settings),
        settingsPath,
        'Use groups instead of settings for each account',
      ),
    },
    {
      Key: EXEMPTIONS_KEY,
      Body: serialize(
        { exemptions: after.exemptions },
        exemptionsPath(context),
        'Remove expired exemptions, and merge those that one pattern covers',
      ),
    },
  ];
  const publish = async () => {
    await publishWithEvents(context, objects);
    context.say(
      `Published settings of ${after.settings.accounts.length} accounts and ${after.exemptions.length} exemptions.`,
    );
  };
  const { before, note } = await readComparable(context);
  if (before && canonical(before) === canonical(after)) return { difference: undefined, publish };
  const needed = (before ? changedTargets(before.settings, after.settings, rules) : []).filter(
    (target) => !deployed.includes(target),
  );
  const lines = [
    ...note,
    renderDifference(publicationDifference(before, after, rules)),
    ...(needed.length === 0
      ? []
      : [`Roles, functions or packs change with them. Run afterwards: make ${needed.join(' ')}`]),
  ];
  return { difference: lines.join('\n'), publish };
};

/** What is published, to compare with. What this release cannot parse must not keep it from publishing. */
const readComparable = async (context: DeployContext) => {
  try {
    return { before: await readPublication(context), note: [] };
  } catch (error) {
    const isMalformed =
      error instanceof SyntaxError ||
      hasCode(error, 'malformed-settings') ||
      hasCode(error, 'malformed-exemptions');
    if (!isMalformed) throw error;
    return {
      before: undefined,
      note: [`What is published cannot be parsed, so everything is shown as new: ${explain(error)}`],
    };
  }
};

/** The settings of this run, and the exemptions beside its compliance.yaml. */
export const readOwnPublication = async (context: DeployContext): Promise<Publication> => {
  const path = exemptionsPath(context);
  const exemptions = existsSync(path) ? parseExemptions(await readYamlFile(path)) : [];
  return { settings: context.settings, exemptions };
};

/** What the functions read now; `undefined` before the first publication. */
export const readPublication = async (context: DeployContext): Promise<Publication | undefined> => {
  const [settings, exemptions] = [
    await readPublished(context, SETTINGS_KEY),
    await readPublished(context, EXEMPTIONS_KEY),
  ];
  if (settings === undefined) return undefined;
  return {
    settings: parseSettings(JSON.parse(settings)),
    exemptions: exemptions === undefined ? [] : parseExemptions(JSON.parse(exemptions)),
  };
};

/** Reads an object beside the settings; `undefined` when it, or the bucket, does not exist. */
export const readPublished = async (context: DeployContext, Key: string): Promise<string | undefined> => {
  const { s3, bucket } = await openBucket(context);
  return readObject(s3, { ...bucket, Key });
};

/** The bucket of the published settings. */
export const openBucket = async (
  context: DeployContext,
): Promise<{ readonly s3: S3Client; readonly bucket: OwnBucket }> => {
  const { masterAccountId: accountId, homeRegion: region } = context.settings.organization;
  return {
    s3: await context.client(S3Client, { accountId, region }),
    bucket: { Bucket: settingsBucket(accountId), ExpectedBucketOwner: accountId },
  };
};

const assertBounded = (exemptions: readonly Exemption[], path: string): void => {
  const ids = exemptions.filter(reachesEveryAccount).map(({ id }) => id);
  if (ids.length > 0)
    throw new Error(
      `${path}: ${ids.join(', ')}: exempts by a tag that any account can set, in every account. Name accounts or ous.`,
    );
};

interface PublishedObject {
  readonly Key: string;
  readonly Body: string;
}

/** Writes the objects, and publishes as events what differs from those before them. */
const publishWithEvents = async (
  context: DeployContext,
  objects: readonly [settings: PublishedObject, exemptions: PublishedObject],
): Promise<void> => {
  const { masterAccountId: accountId, homeRegion: region } = context.settings.organization;
  const { s3, bucket } = await openBucket(context);
  const [settings, exemptions] = objects;
  const before = {
    settings: parsed(await readPublished(context, SETTINGS_KEY)),
    exemptions: parsed(await readPublished(context, EXEMPTIONS_KEY)),
  };
  const after = { settings: parsed(settings.Body), exemptions: parsed(exemptions.Body) };
  const actor = await readCaller(await context.client(STSClient, { accountId, region }));
  const table = await openStateTable(context);
  await changeWithEvents(
    revisionEvents(before, after, { actor, now: new Date() }),
    async () => {
      for (const object of objects)
        await s3.send(new PutObjectCommand({ ...bucket, ...object, ContentType: 'application/json' }));
    },
    {
      table,
      publish: await openPublisher(context, table),
      isMade: (revision) => Object.values(before).some((stored) => revisionOf(stored) === revision),
    },
  );
};

/** What is published and no JSON any more counts as nothing: it must not keep anybody from publishing. */
const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readCaller = async (sts: STSClient): Promise<string> =>
  (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? 'unknown';

const exemptionsPath = ({ settingsPath }: DeployContext) => join(dirname(settingsPath), 'exemptions.yaml');

/** Serializes an object. Refuses one that is too large for the functions, which would then fix nothing. */
const serialize = (content: unknown, path: string, remedy: string): string => {
  const text = JSON.stringify(content);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_STORED_BYTES) return text;
  throw new Error(
    `${path} is too large: ${bytes} bytes; the functions read no more than ${MAX_STORED_BYTES}. ${remedy}.`,
  );
};
