export const EXIT = { ok: 0, findings: 1, usage: 2, aws: 3, incomplete: 4 } as const;

/** What each exit code means, in every command. */
const MEANINGS = {
  0: 'success',
  1: 'findings',
  2: 'invalid usage, settings or input',
  3: 'AWS or the deployed function refused or failed, or cannot be reached',
  4: 'a part of the ledger cannot be read and is left out',
} as const satisfies Record<(typeof EXIT)[keyof typeof EXIT], string>;

/** How a command can end, apart from 0 and 2, with which every command can. */
interface Ends {
  /** What exit code 1 means, if the command has it. */
  readonly 1?: string;
  /** What exit code 3 means, if the command asks AWS. */
  readonly 3?: string;
  /** What exit code 4 means, if the command reads the ledger. */
  readonly 4?: string;
}

const ASKS_AWS: Ends = { 3: MEANINGS[3] };
const READS_LEDGER: Ends = { ...ASKS_AWS, 4: MEANINGS[4] };

/** How every command can end. */
export const COMMAND_ENDS: Readonly<Record<string, Ends>> = {
  'rules list': {},
  'rules show': {},
  'frameworks list': {},
  'frameworks show': {},
  scan: {
    1: 'a violation of the --fail-on severity or higher',
    3: `${MEANINGS[3]}; or a resource was not evaluated`,
  },
  evaluate: { 3: `${MEANINGS[3]}; or a resource was not evaluated` },
  remediate: ASKS_AWS,
  dashboard: READS_LEDGER,
  'plans list': ASKS_AWS,
  'plans show': ASKS_AWS,
  approve: ASKS_AWS,
  apply: ASKS_AWS,
  reject: ASKS_AWS,
  undo: ASKS_AWS,
  'changes list': READS_LEDGER,
  'changes show': ASKS_AWS,
  'ledger schema': {},
  'ledger show': READS_LEDGER,
  'ledger count': READS_LEDGER,
  'ledger verify': { 1: 'something is broken, or the signer is not proven', ...ASKS_AWS },
  'state build': { 1: 'the seal is broken, incomplete, or by another key', ...READS_LEDGER },
  'state show': { 1: 'a sweep counted other resources than the state has' },
  'stop-switch show': ASKS_AWS,
  'stop-switch on': ASKS_AWS,
  'stop-switch off': ASKS_AWS,
  'settings check': {},
  'settings explain': {},
  'settings schema': {},
  'exemptions list': {},
  'exemptions check': {},
  'exemptions expiring': { 1: 'with --exit-code, an exemption that expires' },
  'exemptions add': {},
  preflight: { 1: 'an error in the deployment', ...ASKS_AWS },
  review: { 1: 'an error in the plan' },
  demo: {
    1: 'a violation or a failed fix is left at the end',
    3: 'the simulated organization failed',
  },
  completion: {},
};

/** `0 success; 2 invalid usage, …`, of one command or of all. */
export const describeExitCodes = (ends: Ends = MEANINGS): string =>
  Object.entries({ ...ends, 0: MEANINGS[0], 2: MEANINGS[2] })
    .map(([code, meaning]) => `${code} ${meaning}`)
    .join('; ');

/** Invalid arguments, or a file named by them that cannot be used. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}

/** Creates a usage error that ends with the message of its cause. */
export const usageErrorFrom = (what: string, cause: unknown): UsageError =>
  new UsageError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
