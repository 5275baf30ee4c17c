import { describe, expect, test } from 'vitest';

import { frameworks, mappedFrameworks, selectedRules, type Level } from '../src/index.ts';

/** A rule for each requirement and each check, as if every one of them could be answered by a rule of its own. */
const rules = [
  ...frameworks.flatMap(({ id, sections }) =>
    sections.flatMap(({ requirements }) =>
      requirements.map((requirement) => ({
        command: `${id} ${requirement.id}`,
        controls: { [id]: [requirement.id] },
        framework: id,
        level: requirement.level,
      })),
    ),
  ),
  ...[
    ...new Set(mappedFrameworks.flatMap(({ requirements }) => requirements.flatMap(({ names }) => names))),
  ].map((check) => ({ command: check, controls: {}, equivalents: { prowler: [check] } })),
];

interface Selection {
  readonly id: string;
  readonly level?: Level;
}

const selections: readonly Selection[] = [
  ...frameworks.flatMap(({ id }) => [{ id }, { id, level: 1 } as const, { id, level: 2 } as const]),
  ...mappedFrameworks.map(({ id }) => ({ id })),
];

const commandsOf = (...selected: readonly Selection[]): readonly string[] =>
  selectedRules({ frameworks: [...selected] }, rules).map(({ command }) => command);

const nameOf = ({ id, level }: Selection) => (level === undefined ? id : `${id} level ${level}`);

describe('selected rules', () => {
  test('all rules are selected when the settings select no framework', () => {
    expect(selectedRules({}, rules)).toEqual(rules);
  });

  test.each(frameworks.map(({ id }) => id))(
    'of %s, level 1 has its own requirements and those of a disputed level, and level 2 has all',
    (id) => {
      const all = rules.flatMap((rule) => ('framework' in rule && rule.framework === id ? [rule] : []));
      expect(commandsOf({ id, level: 1 })).toEqual(
        all.filter(({ level }) => level !== 2).map(({ command }) => command),
      );
      expect(commandsOf({ id, level: 2 })).toEqual(all.map(({ command }) => command));
      expect(commandsOf({ id })).toEqual(commandsOf({ id, level: 2 }));
    },
  );

  test.each(mappedFrameworks)('of $id, the rules that make one of its checks are selected', (framework) => {
    const names = new Set(framework.requirements.flatMap((requirement) => requirement.names));
    expect(new Set(commandsOf({ id: framework.id }))).toEqual(names);
  });

  test.each(selections.map((selection) => [nameOf(selection), selection] as const))(
    '%s with any other framework and level selects what both select, each rule once',
    (_, one) => {
      const own = commandsOf(one);
      for (const other of selections) {
        const both = commandsOf(one, other);
        expect(new Set(both)).toEqual(new Set([...own, ...commandsOf(other)]));
        expect(new Set(both).size).toBe(both.length);
      }
    },
  );

  test('a rule that names a control of a framework without requirements of our own is selected', () => {
    const named = { command: 'NAMED', controls: { 'aws-fsbp': ['IAM.28'] } };
    expect(selectedRules({ frameworks: [{ id: 'aws-fsbp' }] }, [named])).toEqual([named]);
    expect(selectedRules({ frameworks: [{ id: 'soc2' }] }, [named])).toEqual([]);
  });
  test('a framework that does not exist selects nothing', () => {
    expect(commandsOf({ id: 'cis-99' })).toEqual([]);
  });
});
