// A package's folders are its rooms: each imports only itself and the rooms before it. Files beside the rooms are
// doors (entry points): they may import every room, and no room imports them.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOMS: Readonly<Record<string, string>> = {
  'packages/core/src': 'base aws rule settings plan audit state config remediate evaluate operate testing',
  'packages/evidence/src': 'store format read seal',
  'apps/dashboard/page': 'public style base data ui charts views',
  'apps/cli/src': 'output input account operator demo commands',
  'packages/local-org/src':
    'base protocol emulator permissions iam gateway items events lambda ssm config org',
  'packages/deployment-checks/src': 'model policy checks templates live plan review commands',
  'infra/src': 'names functions policies packs monitoring hosting terraform modules',
  'scripts/deploy/src': 'base local context terraform functions accounts packs',
};

const root = join(import.meta.dirname, '..');
const problems = [
  ...Object.entries(ROOMS).flatMap(([source, rooms]) => problemsOf(source, rooms.split(' '))),
  ...['packages/rules', 'packages/rules-shared'].flatMap(rulesBehindOtherDoors),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;

function problemsOf(source: string, rooms: readonly string[]): string[] {
  const folder = join(root, source);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const roomOf = (file: string) => {
    const [first = '', ...rest] = relative(folder, file).split('/');
    return rest.length > 0 ? first : undefined;
  };
  const unlisted = new Set(files.map(roomOf).filter((room) => room !== undefined && !rooms.includes(room)));
  return [
    ...[...unlisted].map(
      (room) => `${source}/${room} is not in the order of rooms: add it to check-rooms.ts`,
    ),
    ...files.filter((file) => /\.tsx?$/.test(file)).flatMap(importsAgainstTheOrder),
  ];

  function importsAgainstTheOrder(file: string): string[] {
    const room = roomOf(file);
    if (room === undefined) return [];
    const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g);
    return [...imports].flatMap(([, specifier = '']) => {
      const target = join(dirname(file), specifier);
      const other = roomOf(target);
      if (other !== undefined && rooms.indexOf(other) <= rooms.indexOf(room)) return [];
      return `${relative(root, file)} imports ${relative(root, target)}: only ${rooms.slice(0, rooms.indexOf(room) + 1).join(', ')} may be imported from ${room}`;
    });
  }
}

/** A rule's source needs `@compliance/core/rule` alone; tests, and what a family shares with them, may use more. */
function rulesBehindOtherDoors(folder: string): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /^[^/]+\/src\/(?!testing\/).*\.ts$/.test(file))
    .filter((file) => /'@compliance\/core(?!\/rule')/.test(readFileSync(join(root, folder, file), 'utf8')))
    .map((file) => `${folder}/${file}: a rule imports @compliance/core/rule and nothing else of core`);
}
