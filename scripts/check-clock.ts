// Time enters the domain through one door, a `Clock`: only base/clock.ts reads this machine's time or waits, and only
// edges choose that clock. Otherwise no test could simulate what happens in months.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['core', 'rules', 'rules-shared', 'registry', 'frameworks', 'ledger', 'runtime'];

const DOOR = 'packages/core/src/base/clock.ts';

/** Waits until everything else in this process waits, not for time. */
const SCHEDULER = 'packages/core/src/testing/scheduler.ts';

/** What chooses this machine's clock: the SDK's real clients, S3 and the functions; and the doors that export it. */
const EDGES = [
  'packages/core/src/index.ts',
  'packages/core/src/aws/create-session.ts',
  'packages/core/src/aws/assume-role.ts',
  'packages/core/src/testing/contract-runner.ts',
  'packages/ledger/src/ledger.ts',
  'packages/runtime/src/function-context.ts',
  'packages/runtime/src/verify-caller.ts',
];

const OWN_TIME =
  /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b|timers\/promises/;

const root = join(import.meta.dirname, '..');
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, 'packages', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^([^/]+\/)?src\/.*\.ts$/.test(file))
    .map((file) => `packages/${folder}/${file}`),
);
const problems = files.flatMap((file) => {
  if ([DOOR, SCHEDULER].includes(file)) return [];
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const [found] =
        OWN_TIME.exec(line) ?? (EDGES.includes(file) ? [] : (/\bsystemClock\b/.exec(line) ?? []));
      return found === undefined
        ? []
        : [`${file}:${index + 1}: '${found}': take the time from a Clock that is passed (${DOOR})`];
    });
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
