import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { info } from '../figure.ts';
import { median } from '../median.ts';
import type { Measurement } from '../measurement.ts';

const RULES = join(import.meta.dirname, '../../../packages/rules');
/** A rule with more lines should give something to its family. */
const MANY = 150;

export const ruleLines: Measurement = {
  name: 'rule-lines',
  title: 'lines of source per rule, without those of its family',
  measure: async () => {
    const files = globSync('*/src/**/*.ts', { cwd: RULES });
    const byRule = Map.groupBy(files, (file) => dirname(file).split('/')[0] ?? '');
    const lines = [...byRule].map(([rule, sources]) => ({
      rule,
      lines: sources.reduce((sum, file) => sum + linesOf(join(RULES, file)), 0),
    }));
    const [largest] = lines.toSorted((a, b) => b.lines - a.lines);
    return [
      info('rules', lines.length),
      info('median', median(lines.map(({ lines: count }) => count))),
      info('largest', `${largest?.lines} (${largest?.rule})`),
      info(`of more than ${MANY} lines`, lines.filter(({ lines: count }) => count > MANY).length),
    ];
  },
};

const linesOf = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;
