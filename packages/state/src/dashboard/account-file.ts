import { DASHBOARD_SCHEMA, type Account, type Story } from '@compliance/dashboard-data';

import { parseRow, rowId } from '../snapshot/row.ts';
import { fromKeptField } from '../base/field.ts';
import { placeOf, rowLinesOf, type Place } from '../merge/place.ts';
import type { AccountLines } from './account-lines.ts';
import type { Catalogue } from './catalogue.ts';
import { createFindings, findingOf, type Finding } from './findings.ts';
import type { createExemptions } from './exemptions.ts';
import type { Matrices } from './matrix.ts';
import { range } from './matrix.ts';
import type { createOwners } from './owners.ts';
import type { createRemediation } from './remediation.ts';
import { groupStories, storyOf, type ResourceStory } from './stories.ts';
import { createTexts } from './texts.ts';

const STORIES = 500;

/** Collects over all accounts what the overview says. */
export interface Collectors {
  readonly owners: ReturnType<typeof createOwners>;
  readonly exemptions: ReturnType<typeof createExemptions>;
  readonly remediation: ReturnType<typeof createRemediation>;
  readonly oldest: { add(finding: Finding): void };
}

/** Makes the file of an account, and adds what is in it to the collectors. */
export const accountFile = (
  { places, stories: storyLines }: AccountLines,
  index: number,
  {
    catalogue,
    matrices,
    collectors,
    asOf,
  }: { catalogue: Catalogue; matrices: Matrices; collectors: Collectors; asOf: number },
): Account => {
  const texts = createTexts();
  const findings = createFindings(texts);
  const told = groupStories(storyLines);
  const stories: Story[] = [];
  const visited = new Set<string>();

  for (const place of places) {
    const rule = catalogue.ruleIndex.get(placeOf(place.key).rule);
    if (rule === undefined) continue;
    visited.add(place.key);
    const { region } = placeOf(place.key);
    const waiting = new Map(told.get(place.key));
    for (const { line, type, resource } of resourcesOf(place)) {
      const finding = findingOf(line, { account: index, rule, region, type });
      if (finding) {
        findings.add(finding);
        collect(finding, collectors);
      }
      const story = waiting.size > 0 ? waiting.get(resource) : undefined;
      if (!story && !line.includes(CHANGED)) continue;
      waiting.delete(resource);
      tell({ rule, region }, story ?? { resource, entries: [] }, line);
    }
    for (const story of waiting.values()) tell({ rule, region }, story);
  }
  for (const [key, ofPlace] of told) {
    const { rule: command, region } = placeOf(key);
    const rule = catalogue.ruleIndex.get(command);
    if (rule !== undefined && !visited.has(key))
      for (const story of ofPlace.values()) tell({ rule, region }, story);
  }

  const { rules } = catalogue;
  return {
    schemaVersion: DASHBOARD_SCHEMA,
    kind: 'account',
    asOf,
    account: catalogue.accounts[index]?.id ?? '',
    texts: texts.all(),
    counts: matrices.byAccountAndRule.columns(range(index * rules.length, rules.length)),
    findings: findings.columns,
    stories: stories.toSorted(newestFirst).slice(0, STORIES),
  };

  function tell(place: { rule: number; region: string }, story: ResourceStory, line?: string): void {
    const row = line === undefined ? undefined : parseRow(line);
    const done = collectors.remediation.add({ account: index, ...place }, story, row);
    for (const one of done) collectors.owners.addDone(one);
    stories.push(storyOf(place, story, row));
  }
};

/** In the line of a row whose verdict has changed. */
const CHANGED = '"history":';

const collect = (finding: Finding, { owners, exemptions, oldest }: Collectors): void => {
  owners.addFinding(finding);
  exemptions.add(finding);
  if (finding.row.verdict === 'violating' && !finding.row.failed) oldest.add(finding);
};

/** The resources of a place. `resource` is type and id, as fields. */
const resourcesOf = function* (place: Place) {
  let field = '';
  let type = '';
  for (const line of rowLinesOf(place)) {
    if (line.startsWith('#')) {
      field = line.slice(1);
      type = fromKeptField(field);
    } else yield { line, type, resource: `${field}\t${rowId(line)}` };
  }
};

const newestFirst = (a: Story, b: Story): number =>
  (b.steps.at(-1)?.time ?? 0) - (a.steps.at(-1)?.time ?? 0) ||
  a.rule - b.rule ||
  (a.resource < b.resource ? -1 : 1);
