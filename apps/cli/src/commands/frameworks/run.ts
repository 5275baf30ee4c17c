import { explainIssues } from '@compliance/core';
import {
  assess,
  coverage,
  frameworks,
  mappedCoverage,
  mappedFrameworks,
  type CoveredRequirement,
  type JudgedResource,
  type Level,
  type MappedCoverage,
  type MappedFramework,
} from '@compliance/frameworks';
import { loadAllRules } from '@compliance/registry';
import * as z from 'zod';

import { findFramework } from '../../input/find-framework.ts';
import { readJson } from '../../input/read-json.ts';
import { UsageError } from '../../output/exit-codes.ts';
import {
  mappedFrameworksTable,
  mappedFrameworkText,
  mappedSummaryOf,
  type ShownMapping,
} from './render-mapped.ts';
import {
  frameworksTable,
  frameworkText,
  summaryOf,
  type ShownRequirement,
} from '../../output/framework-text.ts';

interface OutputOptions {
  readonly json: boolean;
}

interface ShowOptions extends OutputOptions {
  /** Only requirements of this level. */
  readonly level?: Level;
  /** The file with the findings of a scan. */
  readonly scan?: string | undefined;
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

/** @throws {UsageError} when there is no such framework, or the findings cannot be used */
export const showFramework = async (id: string, { json, level, scan }: ShowOptions): Promise<string> => {
  const framework = findFramework(id);
  const findings = scan === undefined ? undefined : await readFindings(scan);
  if (!('sections' in framework)) {
    if (level !== undefined) throw new UsageError(`${framework.id} has no levels. Leave out --level.`);
    return showMappedFramework(framework, { json, findings });
  }
  const sections = coverage(framework, await loadAllRules());
  const shown = sections
    .map(({ title, requirements }) => ({
      title,
      requirements: requirements
        .filter((requirement) => level === undefined || requirement.level === level)
        .map((requirement) => withState(requirement, findings)),
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

type Findings = readonly JudgedResource[] | undefined;

const showMappedFramework = async (
  framework: MappedFramework,
  { json, findings }: OutputOptions & { readonly findings: Findings },
): Promise<string> => {
  const requirements = mappedCoverage(framework, await loadAllRules()).map((requirement) =>
    withMappedState(requirement, findings),
  );
  return json
    ? `${JSON.stringify({ requirements }, null, 2)}\n`
    : mappedFrameworkText(framework, requirements);
};

const withState = (requirement: CoveredRequirement, findings: Findings): ShownRequirement =>
  findings ? { ...requirement, state: assess(requirement, findings) } : requirement;

/** The checks that no rule makes are a rest. */
const withMappedState = (requirement: MappedCoverage, findings: Findings): ShownMapping => {
  const detection = requirement.checked < requirement.checks ? 'partial' : 'full';
  return findings
    ? { ...requirement, state: assess({ rules: requirement.rules, detection }, findings) }
    : requirement;
};

const ScanFindings = z.array(z.object({ command: z.string(), complianceType: z.string() }));

/** @throws {UsageError} when the file does not hold the findings of a scan */
const readFindings = async (file: string): Promise<readonly JudgedResource[]> => {
  const findings = ScanFindings.safeParse(await readJson(file));
  if (findings.success) return findings.data;
  throw new UsageError(
    `${file} does not hold the findings of 'compliance scan --json': ${explainIssues(findings.error)}.`,
    { cause: findings.error },
  );
};
