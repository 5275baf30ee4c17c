import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

import { editAccounts } from '../src/accounts/edit-accounts.ts';
import { REPOSITORY } from '../src/base/paths.ts';

const TEXT = `# Ours.
accounts: # the allow-list
  # Money.
  - id: '111122223333' # do not touch
    name: payments
    groups: [ production ]

  # Play.
  - id: "222233334444"
    name: sandbox

# What applies.
rules:
  A: {mode: auto}
`;
const RESEARCH = {
  id: '333344445555',
  name: 'research: one',
  groups: ['new', 'yes'],
  ou: 'ou-abcd-12345678',
};

describe('an edit of the accounts', () => {
  test('changes nothing when there is nothing to change', () => {
    expect(editAccounts(TEXT, { added: [], removed: [] })).toBe(TEXT);
  });
  test('adds at the end of the list, as the list is written', () => {
    expect(editAccounts(TEXT, { added: [RESEARCH], removed: [] })).toBe(
      TEXT.replace(
        '    name: sandbox\n',
        `    name: sandbox
  - id: '333344445555'
    name: "research: one"
    groups: [new, yes]
    ou: ou-abcd-12345678
`,
      ),
    );
  });
  test('takes an account out with the comments above it, and nothing else', () => {
    expect(editAccounts(TEXT, { added: [], removed: ['222233334444'] })).toBe(
      TEXT.replace(/ {2}# Play\.\n.*\n.*\n/, ''),
    );
  });
  test('leaves the comment of the list where the first account goes', () => {
    const text = editAccounts(TEXT, { added: [RESEARCH], removed: ['111122223333'] });
    expect(text).toContain('accounts: # the allow-list\n');
    expect(parse(text)).toMatchObject({ accounts: [{ id: '222233334444' }, RESEARCH], rules: {} });
  });
  test('holds for the example, and for a file without a last line break', async () => {
    const example = await readFile(join(REPOSITORY, 'compliance.example.yaml'), 'utf8');
    const edited = editAccounts(example, { added: [RESEARCH], removed: [] });
    expect(editAccounts(edited, { added: [], removed: [RESEARCH.id] })).toBe(example);
    const bare = "accounts:\n- id: '111122223333'\n  name: payments";
    expect(parse(editAccounts(bare, { added: [RESEARCH], removed: [] }))).toEqual({
      accounts: [{ id: '111122223333', name: 'payments' }, RESEARCH],
    });
  });
  test('is refused where the accounts stand in one line', () => {
    expect(() => editAccounts('accounts: [{ id: "1" }]', { added: [], removed: [] })).toThrow(
      'one below the other',
    );
  });
});
