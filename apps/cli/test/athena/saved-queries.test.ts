import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { SAVED_QUERIES } from '@compliance/athena';
import { openDuckDb } from './duckdb.ts';
import { sealedWeeks } from './organization.ts';

let weeks: Awaited<ReturnType<typeof sealedWeeks>>;
let database: Awaited<ReturnType<typeof openDuckDb>>;
beforeAll(async () => {
  weeks = await sealedWeeks();
  database = await openDuckDb(weeks.folders, '2026-11-30');
});
afterAll(async () => {
  database.close();
  await weeks.remove();
});

const answer = async (name: string, ...parameters: string[]) => {
  const query = SAVED_QUERIES.find((one) => one.name === name);
  if (!query) throw new Error(`There is no query ${name}.`);
  return database.ask(query.sql, parameters);
};

const VERSIONING = 'S3_ENABLE_VERSIONING';
const JO = 'arn:aws:sts::999988887777:assumed-role/ops/jo';

describe('the saved queries, asked of what the keeper sealed and of the file of the state', () => {
  test('violations that are open now, with their owners and age, the oldest first', async () => {
    const open = await answer('open_violations');
    expect(open.map(({ resource, owner, since, days_open: days }) => [resource, owner, since, days])).toEqual(
      [
        ['invoices', 'team-a', '2026-11-10', '20'],
        ['logs', 'team-a', '2026-11-24', '6'],
        ['photos', 'team-b', '2026-11-28', '2'],
      ],
    );
    expect(open[0]).toMatchObject({
      account: '111122223333',
      region: 'eu-west-1',
      rule: VERSIONING,
      annotation: 'Versioning is Off.',
    });
  });

  test('what got worse this week leaves out what was open before, and what was fixed since', async () => {
    expect(await answer('worse_this_week')).toEqual([
      { rule: 'EXAMPLE_KEEP_VERSIONS', account: '111122223333', began_this_week: '1', open_now: '1' },
      { rule: VERSIONING, account: '444455556666', began_this_week: '1', open_now: '1' },
    ]);
  });

  test('fixes and undos of an account, also of before the first sealed hour', async () => {
    const rows = await answer('fixes_and_undos', '111122223333');
    expect(rows.map(({ time, what, outcome, who }) => [time, what, outcome, who])).toEqual([
      ['2026-11-20T10:02:00.000Z', 'fix', 'fixed', JO],
      ['2026-11-24T11:00:00.000Z', 'undo', 'undone', JO],
    ]);
    expect(new Set(rows.map(({ changeId }) => changeId)).size).toBe(1);
    expect(await answer('fixes_and_undos', '444455556666')).toEqual([]);
  });

  test('exemptions that end within 30 days, with what they cover', async () => {
    expect(await answer('exemptions_ending')).toEqual([
      { exemption: 'EX-7', ends: '2026-12-15', resources: '2', accounts: '2', rules: [VERSIONING] },
    ]);
  });

  test('the time to remediate begins with the first verdict of a violation, not with its last', async () => {
    expect(await answer('time_to_remediate')).toEqual([
      { command: VERSIONING, remediated: '3', mean_hours: 24, longest_hours: 36 },
      { command: 'EXAMPLE_KEEP_VERSIONS', remediated: '1', mean_hours: 2, longest_hours: 2 },
    ]);
  });
});

test('every sealed line is in one of the tables, by class, day and hour', async () => {
  const count = async (table: string) =>
    Number((await database.ask(`SELECT count(*) AS lines FROM ${table}`))[0]?.['lines']);
  const linesOf = (isImported: boolean) =>
    weeks.run.sealed
      .filter(({ head }) => head.period.endsWith('imported') === isImported)
      .reduce((sum, { head }) => sum + head.lines, 0);
  expect(linesOf(true)).toBeGreaterThan(0);
  expect(await count('imported_events')).toBe(linesOf(true));
  expect(await count('events')).toBe(linesOf(false));
  const misplaced = await database.ask(
    `SELECT id FROM events WHERE dt <> substr(time, 1, 10) OR hour <> substr(time, 12, 2)
       OR (class = 'verdicts') <> (type = 'resource-evaluated')`,
  );
  expect(misplaced).toEqual([]);
});

test('objects that are deep are text, and flat ones have members', async () => {
  const [undo] = await database.ask(
    `SELECT factsBefore, resource.resourceId AS id FROM events WHERE type = 'change-undone'`,
  );
  expect(undo).toEqual({ factsBefore: '{"status":"Enabled"}', id: 'logs' });
});

describe('docs/ledger.md', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../../../docs/ledger.md'), 'utf8');
  const sections = docs.split(/^#### /m).slice(1);

  test('has three examples', () => {
    expect(sections).toHaveLength(3);
  });

  test.each(sections.map((section) => [/^`(\w+)`/.exec(section)?.[1] ?? '', section]))(
    'the answer to %s is what the query answers',
    async (name, section) => {
      const [, parameter] = /with `'(\d+)'`/.exec(section) ?? [];
      const rows = await answer(name, ...(parameter === undefined ? [] : [parameter]));
      const table = section.split('\n\n').find((block) => block.startsWith('|')) ?? '';
      const cellsOf = (line: string) =>
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim());
      const [head = [], , ...body] = table.split('\n').map(cellsOf);
      expect(body).toEqual(
        rows.map((row) => head.map((column) => [row[column]].flat().map(String).join(', '))),
      );
    },
  );
});
