import { coverage, frameworks } from '@compliance/frameworks';
import { commands, loadAllRules } from '@compliance/registry';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { frameworkText } from '../src/output/framework-text.ts';
import { listFrameworks, showFramework } from '../src/commands/frameworks/run.ts';
import { selectRules, type RuleSelection } from '../src/commands/scan/select-rules.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Shown {
  readonly requirements: readonly { readonly id: string; readonly level: number | null }[];
}
const showJson = async (id: string, level?: 1 | 2) =>
  JSON.parse(await showFramework(id, { json: true, ...(level && { level }) })) as Shown;

test('every CIS control that a rule names is a requirement of its framework', async () => {
  const known = new Map(
    frameworks.map(({ id, sections }) => [
      id,
      sections.flatMap(({ requirements }) => requirements.map((requirement) => requirement.id)),
    ]),
  );
  const unknown = (await loadAllRules()).flatMap(({ command, controls }) =>
    Object.entries(controls)
      .filter(([framework]) => framework.startsWith('cis-'))
      .flatMap(([framework, ids]) => ids.map((id) => ({ framework, id })))
      .filter(({ framework, id }) => !known.get(framework)?.includes(id))
      .map(({ framework, id }) => `${command}: ${framework} ${id}`),
  );
  expect(unknown).toEqual([]);
});

test('every requirement has a rule or says what a person does', async () => {
  const rules = await loadAllRules();
  const silent = frameworks
    .flatMap((framework) => coverage(framework, rules).flatMap(({ requirements }) => requirements))
    .filter((requirement) => requirement.rules.length === 0 && !requirement.human);
  expect(silent).toEqual([]);
});

test('frameworks list prints the same counts as text and as JSON', async () => {
  const rows = JSON.parse(await listFrameworks({ json: true })) as Record<string, string | number>[];
  expect(rows.find(({ id }) => id === 'cis-5.0')).toEqual({
    id: 'cis-5.0',
    title: 'CIS AWS Foundations Benchmark 5.0',
    requirements: 63,
    withRule: expect.any(Number),
    withFix: expect.any(Number),
  });
  const text = await listFrameworks({ json: false });
  expect(text.split('\n')[0]).toMatch(/^Id +Title +Requirements +With a rule +With a fix$/);
  for (const { id, title, requirements, withRule, withFix, withCheck } of rows) {
    const counts = withCheck === undefined ? `${withRule} +${withFix}` : String(withCheck);
    expect(text).toMatch(new RegExp(`^${id} +${title} +${requirements} +${counts}$`, 'm'));
  }
});

test('frameworks show prints a requirement as JSON with what its rules detect and fix', async () => {
  const { requirements } = await showJson('cis-5.0');
  expect(requirements).toHaveLength(63);
  expect(requirements.find(({ id }) => id === '1.8')).toEqual({
    id: '1.8',
    title: 'The password policy refuses the previous 24 passwords',
    level: 1,
    assessment: 'automated',
    rules: ['IAM_PREVENT_PASSWORD_REUSE'],
    detection: 'full',
    fix: true,
  });
});

test.each([1, 2] as const)(
  'frameworks show --level %i prints only requirements of this level',
  async (level) => {
    const all = await showJson('cis-7.0');
    const { requirements } = await showJson('cis-7.0', level);
    expect(requirements).toEqual(all.requirements.filter((requirement) => requirement.level === level));
    expect(requirements.length).toBeGreaterThan(0);
  },
);

test('frameworks show groups requirements by section', async () => {
  const text = await showFramework('cis-5.0', { json: false });
  expect(text.match(/^\d .+$/gm)).toEqual([
    '1 Identity and access',
    '2 Storage',
    '3 Logging',
    '4 Monitoring',
    '5 Networking',
  ]);
});

test('frameworks show distinguishes what no rule covers yet from what only a person can judge', () => {
  const base = { level: 1, assessment: 'manual', rules: [], fix: false } as const;
  const text = frameworkText({ id: 'sample', title: 'Sample' }, [
    {
      title: 'Accounts',
      requirements: coverage(
        {
          id: 'sample',
          title: 'Sample',
          sections: [
            {
              title: 'Accounts',
              requirements: [
                { ...base, id: '1.1', title: 'Contacts are current' },
                { ...base, id: '1.2', title: 'Answers are kept', human: 'Keep the answers.' },
              ],
            },
          ],
        },
        [],
      ).flatMap(({ requirements }) => requirements),
    },
  ]);
  expect(text).toBe(
    [
      'sample  Sample',
      '2 requirements, 0 with a rule, 0 with a fix, 1 for a person only, 1 without a rule yet',
      '',
      '1 Accounts',
      '  Id   Level  Assessment  Detection    Fix  Requirement',
      '  1.1  1      manual      no rule yet  -    Contacts are current',
      '  1.2  1      manual      human        -    Answers are kept',
      '       A person: Keep the answers.',
      '',
    ].join('\n'),
  );
});

test('frameworks show --level names the requirements that it omits because their level is disputed', async () => {
  expect(await showFramework('cis-6.0', { json: false, level: 1 })).toContain(
    'Not shown, because sources disagree on their level: 4.8, 5.6\n',
  );
  expect(await showFramework('cis-6.0', { json: false })).toMatch(/^ {2}4\.8 +- /m);
});

test('frameworks show counts the checks that rules make of a mapped framework', async () => {
  const text = await showFramework('hipaa', { json: false });
  expect(text).toMatch(/^164_308_a_3_ii_c +1 of 1 +IAM_ROTATE_ACCESS_KEYS$/m);
  const { requirements } = await showJson('hipaa');
  expect(requirements).toContainEqual({
    id: '164_308_a_3_ii_c',
    checks: 1,
    checked: 1,
    rules: ['IAM_ROTATE_ACCESS_KEYS'],
  });
});

test('frameworks show refuses a level of a framework without levels', async () => {
  await expect(showFramework('soc2', { json: false, level: 1 })).rejects.toThrow(
    'soc2 has no levels. Leave out --level.',
  );
});

describe('the state of requirements by a scan', () => {
  const show = async (id: string, findings: unknown) => {
    const scan = join(await temporaryFolder({ 'findings.json': JSON.stringify(findings) }), 'findings.json');
    const { requirements } = JSON.parse(await showFramework(id, { json: true, scan })) as {
      requirements: { id: string; state: string; checked: number; checks: number }[];
    };
    return requirements;
  };
  const finding = (complianceType: string) => [{ command: 'IAM_SET_PASSWORD_MIN_LENGTH', complianceType }];

  test.each([
    ['COMPLIANT', 'compliant'],
    ['NON_COMPLIANT', 'non-compliant'],
    ['INSUFFICIENT_DATA', 'unknown'],
  ])('a requirement whose rule found %s is %s', async (complianceType, state) => {
    const requirements = await show('cis-7.0', finding(complianceType));
    expect(requirements.find(({ id }) => id === '2.8')?.state).toBe(state);
    expect(requirements.find(({ id }) => id === '2.9')?.state).toBe('unknown');
    expect(requirements.find(({ id }) => id === '2.1.4')?.state).toBe('manual');
  });

  test('a mapped requirement is compliant in part as long as a check of it has no rule', async () => {
    const findings = commands.map((command) => ({ command, complianceType: 'COMPLIANT' }));
    const requirements = await show('soc2', findings);
    expect(requirements.filter(({ state }) => state === 'partial').length).toBeGreaterThan(0);
    for (const { checked, checks, state } of requirements)
      expect(state).toBe(checked === 0 ? 'manual' : checked < checks ? 'partial' : 'compliant');
  });

  test('a file without findings is refused', async () => {
    await expect(show('cis-7.0', { findings: [] })).rejects.toThrow(
      /does not hold the findings of 'compliance scan --json': must be a list, not a set of keys\./,
    );
  });
});

describe('the rules that a scan selects', () => {
  const select = async (selection: Partial<RuleSelection>) =>
    (await selectRules({ rule: [], ...selection })).map(({ command }) => command);

  test('a framework selects the rules that answer its requirements, of a level if need be', async () => {
    const all = await select({ framework: 'cis-7.0' });
    expect(all).toContain('IAM_SET_PASSWORD_MIN_LENGTH');
    expect(all).not.toContain('S3_ENABLE_VERSIONING');
    const [first, second] = await Promise.all([
      select({ framework: 'cis-7.0', level: '1' }),
      select({ framework: 'cis-7.0', level: '2' }),
    ]);
    expect(first).not.toEqual(second);
    for (const rule of [...first, ...second]) expect(all).toContain(rule);
  });

  test('a mapped framework selects the rules that make its checks, and has no levels', async () => {
    expect(await select({ framework: 'soc2' })).not.toEqual([]);
    await expect(select({ framework: 'soc2', level: '1' })).rejects.toThrow(
      'soc2 has no levels. Leave out --level.',
    );
  });

  test('a severity selects the rules of it and above', async () => {
    const rules = await selectRules({ rule: [], severity: 'high' });
    expect(new Set(rules.map(({ severity }) => severity))).not.toContain('medium');
    expect(rules.length).toBeGreaterThan(0);
  });
});
