import { coverage, frameworks, type Framework, type Level } from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';

import { nearest } from '../../input/did-you-mean.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { frameworksTable, frameworkText, summaryOf } from './render.ts';

interface OutputOptions {
  readonly json: boolean;
}

interface ShowOptions extends OutputOptions {
  /** Only requirements of this level. */
  readonly level?: Level;
}

export const listFrameworks = async ({ json }: OutputOptions): Promise<string> => {
  const rules = await loadAllRules();
  const rows = frameworks.map((framework) => ({
    id: framework.id,
    title: framework.title,
    ...summaryOf(coverage(framework, rules).flatMap(({ requirements }) => requirements)),
  }));
  return json ? `${JSON.stringify(rows, null, 2)}\n` : frameworksTable(rows);
};

/** @throws {UsageError} when there is no such framework */
export const showFramework = async (id: string, { json, level }: ShowOptions): Promise<string> => {
  const framework = frameworkOf(id);
  const sections = coverage(framework, await loadAllRules());
  const shown = sections
    .map(({ title, requirements }) => ({
      title,
      requirements: requirements.filter((requirement) => level === undefined || requirement.level === level),
    }))
    .filter(({ requirements }) => requirements.length > 0);
  if (json)
    return `${JSON.stringify({ requirements: shown.flatMap(({ requirements }) => requirements) }, null, 2)}\n`;
  const disputed = sections.flatMap(({ requirements }) =>
    requirements.filter((requirement) => requirement.level === null),
  );
  return frameworkText(
    framework,
    shown,
    level === undefined ? [] : disputed.map((requirement) => requirement.id),
  );
};

const frameworkOf = (id: string): Framework => {
  const framework = frameworks.find((known) => known.id === id);
  if (framework) return framework;
  const names = nearest(
    id,
    frameworks.map((known) => known.id),
  );
  throw new UsageError(
    `Unknown framework: '${id}'. The nearest are ${names.join(', ')}. ` +
      'List frameworks with `compliance frameworks list`.',
  );
};
