import {
  AccountId,
  auditEvent,
  canonical,
  differenceOf,
  pathText,
  revisionOf,
  type AuditEvent,
} from '@compliance/core';
import * as z from 'zod';

/** What is published of settings and exemptions, before and after. */
export interface Published {
  readonly settings: unknown;
  readonly exemptions: unknown;
}

interface Told {
  /** Who publishes: the identity that STS knows. */
  readonly actor: string;
  readonly now: Date;
}

/** The events of a publication, none for what stays as it is. */
export const revisionEvents = (before: Published, after: Published, told: Told): readonly AuditEvent[] => [
  ...settingsEvents(before.settings, after.settings, told),
  ...exemptionsEvents(before.exemptions, after.exemptions, told),
];

const Settings = z.looseObject({
  accounts: z.array(z.looseObject({ id: AccountId, name: z.string() })),
});

const settingsEvents = (before: unknown, after: unknown, { actor, now }: Told): readonly AuditEvent[] => {
  const changed = revisionsOf(before, after);
  if (!changed) return [];
  const [old, next] = [accountsIn(before), accountsIn(after)];
  const paths = differenceOf(byAccount(before, old), byAccount(after, next)).map(pathText);
  const about = ([accountId, { name }]: Account) => ({ accountId, name, actor }) as const;
  return [
    auditEvent(
      { type: 'settings-changed', actor, ...changed, paths: paths.slice(0, PATHS) },
      now,
      `${changed.revision} ${now.toISOString()}`,
    ),
    ...[...next]
      .filter(([id]) => !old.has(id))
      .map((account) => auditEvent({ type: 'account-joined', ...about(account) }, now, now)),
    ...[...old]
      .filter(([id]) => !next.has(id))
      .map((account) => auditEvent({ type: 'account-left', ...about(account) }, now, now)),
  ];
};

const PATHS = 100;

type Account = readonly [AccountId, z.infer<typeof Settings>['accounts'][number]];

const accountsIn = (settings: unknown) =>
  new Map(
    (Settings.safeParse(settings).data?.accounts ?? []).map((account): Account => [account.id, account]),
  );

/** The settings with the accounts by their ids, so that a path names an account and not its place in the list. */
const byAccount = (settings: unknown, accounts: ReturnType<typeof accountsIn>) =>
  z
    .json()
    .parse(JSON.parse(JSON.stringify({ ...Object(settings ?? {}), accounts: Object.fromEntries(accounts) })));

const Exemptions = z.looseObject({ exemptions: z.array(z.looseObject({ id: z.string() })) });

const exemptionsEvents = (before: unknown, after: unknown, { actor, now }: Told): readonly AuditEvent[] => {
  const changed = revisionsOf(before, after);
  if (!changed) return [];
  const [old, next] = [exemptionsIn(before), exemptionsIn(after)];
  const event = {
    type: 'exemptions-changed',
    actor,
    ...changed,
    added: [...next.keys()].filter((id) => !old.has(id)),
    changed: [...next.keys()].filter((id) => old.has(id) && old.get(id) !== next.get(id)),
    removed: [...old.keys()].filter((id) => !next.has(id)),
  } as const;
  return [auditEvent(event, now, `${changed.revision} ${now.toISOString()}`)];
};

const exemptionsIn = (exemptions: unknown): ReadonlyMap<string, string> =>
  new Map((Exemptions.safeParse(exemptions).data?.exemptions ?? []).map((one) => [one.id, canonical(one)]));

const revisionsOf = (before: unknown, after: unknown) => {
  if (canonical(before) === canonical(after)) return undefined;
  return {
    revision: revisionOf(after),
    ...(before !== undefined && { previousRevision: revisionOf(before) }),
  };
};
