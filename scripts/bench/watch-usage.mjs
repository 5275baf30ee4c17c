/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return -- plain JavaScript has no types. */
// Loaded before a program: writes what it used, at its end, to the file BENCH_USAGE.
import { writeFileSync } from 'node:fs';

const { BENCH_USAGE } = process.env;
process.on('exit', () => writeFileSync(String(BENCH_USAGE), JSON.stringify(process.resourceUsage())));
