import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import {
  accountKey,
  missingFile,
  OVERVIEW_KEY,
  parseAccount,
  parseOverview,
  parseUnit,
  transpose,
  unitKey,
  type Account,
  type Json,
  type Overview,
  type Unit,
} from '@compliance/dashboard-data';

import type { DataSource } from './data-source.ts';
import { readPageFiles } from './page-files.ts';
import { redactData } from './redact.ts';

export interface SingleFileOptions {
  /** Replaces names, ids, owners and texts by stand-ins. */
  readonly redact?: boolean;
}

/** Up to here, the file has every account. */
export const COMPLETE_ACCOUNTS = 200;

/** Everything that goes into the file. */
export interface FileData {
  readonly overview: Overview;
  readonly units: readonly Unit[];
  /** By index in the overview. */
  readonly accounts: ReadonlyMap<number, Account>;
}

/**
 * One HTML file with the page and its data: to send, to keep, to open without a server.
 * Of more than 200 accounts it has the resources of the 200 with the most open findings, and says so.
 * @throws {DashboardDataError} when the data is incomplete, broken or of another schema
 */
export const singleFile = async (
  source: DataSource,
  { redact = false }: SingleFileOptions = {},
): Promise<string> => {
  const data = await readData(source);
  return render(redact ? redactData(data) : data);
};

const readData = async (source: DataSource): Promise<FileData> => {
  const text = async (key: string) => {
    const found = await source.read(key);
    if (found === undefined) throw missingFile(key);
    return found;
  };
  const overview = parseOverview(await text(OVERVIEW_KEY));
  const { levels, units, notes } = overview;
  const unitFiles: Unit[] = [];
  if (levels.units)
    for (const index of units.keys()) unitFiles.push(parseUnit(await text(unitKey(index)), index, overview));
  const accounts = new Map<number, Account>();
  const kept = keptAccounts(overview);
  for (const index of kept) accounts.set(index, parseAccount(await text(accountKey(index)), index, overview));
  const all = overview.accounts.id.length;
  const isComplete = kept.length === all;
  return {
    overview: {
      ...overview,
      levels: { units: levels.units, accounts: isComplete ? 'all' : kept, verdicts: 0 },
      notes: isComplete ? notes : [...notes, leftOut(kept.length, all)],
    },
    units: unitFiles,
    accounts,
  };
};

const leftOut = (kept: number, all: number): string =>
  `This file has the resources of the ${kept} accounts with the most open findings, of ${all}. The figures are of all of them. Open the whole data with compliance dashboard.`;

/** The indexes of the accounts whose files are taken, in their order. */
const keptAccounts = ({ accounts, accountCounts, levels }: Overview): readonly number[] => {
  const written = levels.accounts === 'all' ? [...accounts.id.keys()] : levels.accounts;
  if (written.length <= COMPLETE_ACCOUNTS) return written;
  const open = (index: number) => (accountCounts.violating[index] ?? 0) + (accountCounts.unknown[index] ?? 0);
  return written
    .toSorted((a, b) => open(b) - open(a))
    .slice(0, COMPLETE_ACCOUNTS)
    .toSorted((a, b) => a - b);
};

/** Accounts that are compressed together: alike texts cost little, and a view unpacks few of them. */
const ACCOUNTS_IN_BLOCK = 50;

const render = ({ overview, units, accounts }: FileData): string => {
  const accountFiles = [...accounts].map(([index, account]): Keyed => [accountKey(index), account]);
  const blocks = [
    block([[OVERVIEW_KEY, overview]]),
    ...(units.length > 0 ? [block(units.map((unit, index) => [unitKey(index), unit]))] : []),
    ...Array.from({ length: Math.ceil(accountFiles.length / ACCOUNTS_IN_BLOCK) }, (_, group) =>
      block(accountFiles.slice(group * ACCOUNTS_IN_BLOCK, (group + 1) * ACCOUNTS_IN_BLOCK)),
    ),
  ];
  const files = readPageFiles();
  const file = (name: string) => files.get(name)?.bytes.toString('utf8') ?? '';
  const [script, style] = [file('page.js'), file('page.css')];
  const policy = [
    "default-src 'none'",
    `script-src '${hash(LOADER)}' '${hash(script)}'`,
    `style-src '${hash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types page',
  ].join('; ');
  const icon = Buffer.from(file('icon.svg')).toString('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Compliance</title>
<link rel="icon" href="data:image/svg+xml;base64,${icon}">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The HTML report of compliance scan does not.</noscript>
<div id="page"></div>
${blocks.join('\n')}
<script type="application/gzip" id="script">${packed(script)}</script>
<script type="module">${LOADER}</script>
</body>
</html>
`;
};

/**
 * Unpacks the page's script and runs it. The policy of the file has its hash, so that a browser runs no other text; the
 * one policy for trusted types is taken by this loader.
 */
const LOADER = `
const bytes = Uint8Array.from(atob(document.getElementById('script').textContent), (digit) => digit.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
const text = await new Response(stream).text();
const policy = globalThis.trustedTypes?.createPolicy('page', { createScript: (own) => own });
const script = document.createElement('script');
script.type = 'module';
script.textContent = policy ? policy.createScript(text) : text;
document.body.append(script);
`;

type Keyed = readonly [key: string, file: unknown];

/** A browser does not run a script of an unknown type; the page unpacks it. */
const block = (group: readonly Keyed[]): string => {
  const keys = group.map(([key]) => key).join(' ');
  // What JSON does not hold must not get in.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is JSON.
  const files = JSON.parse(JSON.stringify(group.map(([, file]) => file))) as readonly Json[];
  return `<script type="application/gzip" data-keys="${keys}">${packed(JSON.stringify(transpose(files)))}</script>`;
};

const packed = (text: string): string => gzipSync(text, { level: 9 }).toString('base64');

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
