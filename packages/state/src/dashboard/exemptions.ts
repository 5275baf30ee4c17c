import type { Exemption } from '@compliance/core';
import type { Overview, RuleRow } from '@compliance/dashboard-data';

import { DAY_MS } from '../base/times.ts';
import type { Finding } from './findings.ts';
import { toSeconds, type Texts } from './texts.ts';

const ENDED_DAYS = 90;

/** Counts what exemptions cover, also those that are in no file. */
export const createExemptions = () => {
  const covered = new Map<string, { count: number; rules: Set<number>; annotation: string }>();
  return {
    add: ({ row: { exemption, annotation = '', failed }, rule }: Finding): void => {
      // What cannot be judged any more is unknown, whatever covered it.
      if (exemption === undefined || failed) return;
      const known = covered.get(exemption) ?? { count: 0, rules: new Set<number>(), annotation };
      covered.set(exemption, known);
      known.count += 1;
      known.rules.add(rule);
    },
    columns: (
      listed: readonly Exemption[],
      { rules, texts, now }: { rules: readonly RuleRow[]; texts: Texts; now: number },
    ): Overview['exemptions'] => {
      const current = listed.filter(({ expires }) => endOf(expires) > now - ENDED_DAYS * DAY_MS);
      const ids = new Set(current.map(({ id }) => id));
      const others = [...covered].filter(([id]) => !ids.has(id));
      const rows = [
        ...current.map((exemption) => ({
          ...exemption,
          rules: rulesOf(exemption, rules),
          scope: scopeOf(exemption),
          count: covered.get(exemption.id)?.count ?? 0,
          end: endOf(exemption.expires),
        })),
        ...others.map(([id, { count, rules: own, annotation }]) => ({
          id,
          rules: [...own].toSorted((a, b) => a - b),
          scope: '',
          count,
          reason: '',
          owner: '',
          approver: '',
          ticket: '',
          end: endInAnnotation(annotation),
        })),
      ].toSorted((a, b) => a.end - b.end || (a.id < b.id ? -1 : 1));
      return {
        id: rows.map(({ id }) => id),
        rules: rows.map(({ rules: own }) => own),
        scope: rows.map(({ scope }) => texts.indexOf(scope)),
        count: rows.map(({ count }) => count),
        reason: rows.map(({ reason }) => reason),
        owner: rows.map(({ owner }) => texts.indexOf(owner)),
        approver: rows.map(({ approver }) => texts.indexOf(approver)),
        ticket: rows.map(({ ticket }) => texts.indexOf(ticket)),
        expires: rows.map(({ end }) => toSeconds(end)),
      };
    },
  };
};

/** The end date is exclusive, in UTC. */
const endOf = (expires: string): number => Date.parse(`${expires}T00:00:00Z`);

/** `Exempt by EX-1 until 2026-12-31.`; 0 when it does not say. */
const endInAnnotation = (annotation: string): number => {
  const date = /until (\d{4}-\d\d-\d\d)\.$/.exec(annotation)?.[1];
  return date === undefined ? 0 : endOf(date) || 0;
};

const rulesOf = ({ commands, controls }: Exemption, rules: readonly RuleRow[]): number[] => {
  if (!commands && !controls) return [];
  return rules.flatMap(({ command, controls: own }, index) => {
    const numbers = Object.entries(own).flatMap(([framework, ids]) => ids.map((id) => `${framework}/${id}`));
    const isCovered =
      (commands?.includes(command) ?? true) &&
      (controls?.some((control) => numbers.includes(control)) ?? true);
    return isCovered ? [index] : [];
  });
};

/** `accounts 111122223333; resources logs-*` */
const scopeOf = ({ accounts, ous, regions, resources, tags }: Exemption): string =>
  Object.entries({
    accounts,
    OUs: ous,
    Regions: regions,
    resources,
    tags: tags && Object.entries(tags).map(([name, value]) => `${name}=${value}`),
  })
    .flatMap(([what, of]) => (of ? [`${what} ${of.join(', ')}`] : []))
    .join('; ');
