import { defined, nearest } from '@compliance/core';
import {
  coverage,
  frameworks,
  mappedCoverage,
  mappedFrameworks,
  type Framework,
  type Level,
  type MappedFramework,
} from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';

import { UsageError } from '../../output/exit-codes.ts';
import { mappedFrameworksTable, mappedFrameworkText, mappedSummaryOf } from './render-mapped.ts';
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
  const mapped = mappedFrameworks.map(({ id, title, ...framework }) => ({
    id,
    title,
    ...mappedSummaryOf(mappedCoverage({ id, title, ...framework }, rules)),
  }));
  return json
    ? `${JSON.stringify([...rows, ...mapped], null, 2)}\n`
    : `${frameworksTable(rows)}\n${mappedFrameworksTable(mapped)}`;
};

/** @throws {UsageError} when there is no such framework */
export const showFramework = async (id: string, { json, level }: ShowOptions): Promise<string> => {
  const mapped = mappedFrameworks.find((known) => known.id === id);
  if (mapped) return showMappedFramework(mapped, { json, ...defined({ level }) });
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

const showMappedFramework = async (
  framework: MappedFramework,
  { json, level }: ShowOptions,
): Promise<string> => {
  if (level !== undefined) throw new UsageError(`${framework.id} has no levels. Leave out --level.`);
  const requirements = mappedCoverage(framework, await loadAllRules());
  return json
    ? `${JSON.stringify({ requirements }, null, 2)}\n`
    : mappedFrameworkText(framework, requirements);
};

const frameworkOf = (id: string): Framework => {
  const framework = frameworks.find((known) => known.id === id);
  if (framework) return framework;
  const names = nearest(
    id,
    [...frameworks, ...mappedFrameworks].map((known) => known.id),
  );
  throw new UsageError(
    `Unknown framework: '${id}'. The nearest are ${names.join(', ')}. ` +
      'List frameworks with `compliance frameworks list`.',
  );
};
