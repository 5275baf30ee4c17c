// Loaded before a program: writes what it used, at its end, to the file BENCH_USAGE.
import { writeFileSync } from 'node:fs';

const { BENCH_USAGE } = process.env;
process.on('exit', () => writeFileSync(String(BENCH_USAGE), JSON.stringify(process.resourceUsage())));
