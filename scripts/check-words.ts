// Refuses words that make an engineer stop, in source, documentation and help, and names the plain one.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PLAIN: Readonly<Record<string, string>> = {
  anew: 'again',
  'mend|mends|mended|mending': 'fix, correct',
  'whoever|whomever|whom': 'who, the one that',
  lest: 'so that … not',
  'in vain': 'without effect',
  'be it because': 'because',
  'tells? of|told of': 'report, publish, log',
  'goes by': 'depends on, uses',
  'answers for': 'owns, is exempt',
  'takes? back|taken back|took back|taking back|way back': 'undo, revert',
  'lets? go of': 'delete, remove',
  'takes? up|taken up|took up|taking up': 'import, enroll',
  'slip of the pen': 'typo',
  'comes? by': 'finds',
  'cut off|cut short': 'interrupted',
};

const root = join(import.meta.dirname, '..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
});
const files = tracked
  .split('\n')
  .filter((file) => /\.(ts|mjs|py|sh|md|mk|ya?ml)$|(^|\/)Makefile$/.test(file))
  // What the release before has stored stays as it was.
  .filter((file) => !/(^|\/)fixtures\/|^pnpm-lock\.yaml$|^scripts\/check-words\.ts$/.test(file))
  .filter((file) => existsSync(join(root, file)));

const problems = files.flatMap((file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    Object.entries(PLAIN).flatMap(([words, plain]) => {
      const [found] = new RegExp(String.raw`\b(${words})\b`, 'i').exec(line) ?? [];
      return found === undefined ? [] : [`${file}:${index + 1}: '${found}': write ${plain}`];
    }),
  );
});
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
