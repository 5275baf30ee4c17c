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
  test('an empty edit does not change the text', () => {
    expect(editAccounts(TEXT, { added: [], removed: [] })).toBe(TEXT);
  });
  test('an account is added at the end of the list, in the indentation of the list', () => {
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
  test('an account is removed with only the comments above it', () => {
    expect(editAccounts(TEXT, { added: [], removed: ['222233334444'] })).toBe(
      TEXT.replace(/ {2}# Play\.\n.*\n.*\n/, ''),
    );
  });
  test('removing the first account keeps the comment of the list', () => {
    const text = editAccounts(TEXT, { added: [RESEARCH], removed: ['111122223333'] });
    expect(text).toContain('accounts: # the allow-list\n');
    expect(parse(text)).toMatchObject({ accounts: [{ id: '222233334444' }, RESEARCH], rules: {} });
  });
  test('the example and a file without a final line break can be edited', async () => {
    const example = await readFile(join(REPOSITORY, 'compliance.example.yaml'), 'utf8');
    const edited = editAccounts(example, { added: [RESEARCH], removed: [] });
    expect(editAccounts(edited, { added: [], removed: [RESEARCH.id] })).toBe(example);
    const bare = "accounts:\n- id: '111122223333'\n  name: payments";
    expect(parse(editAccounts(bare, { added: [RESEARCH], removed: [] }))).toEqual({
      accounts: [{ id: '111122223333', name: 'payments' }, RESEARCH],
    });
  });
  test('accounts in one line cannot be edited', () => {
    expect(() => editAccounts('accounts: [{ id: "1" }]', { added: [], removed: [] })).toThrow(
      'one below the other',
    );
  });
});
