/** Keys of rows by their prefix, as `dynamodb:LeadingKeys` matches them. */
type Keys = readonly string[];

/** Events that a sink did not take. A person may redrive them. */
const UNDELIVERED: Keys = ['undelivered#*', 'dead-letter#*'];

/** Notes on plans and decisions whose events may not be published. */
const UNPUBLISHED = 'unpublished#*';

/** Decisions, journals and what limits fixes: a writer of these decides. */
export const DECISIVE_ROWS: Keys = [
  'decision',
  'proof#*',
  'change#*',
  'open#*',
  'claim#*',
  'lease#*',
  'document#*',
  'hold#*',
  'fixes#*',
  'failures#*',
  'budget#*',
  'look-again#*',
];

/**
 * Which rows each function writes, and which it only reads.
 * The rule function plans and notes what it saw: it can neither decide nor journal. IAM enforces it, and so do the fakes
 * of tests.
 */
export const ROW_ACCESS = {
  rule: {
    writes: [
      'plan',
      'population#*',
      'sweep#*',
      'rule#*',
      'excluded#*',
      'exempt#*',
      'unconfirmed#*',
      UNPUBLISHED,
      ...UNDELIVERED,
    ],
    reads: ['decision', 'open#*'],
  },
  remediation: { writes: ['plan', ...DECISIVE_ROWS, UNPUBLISHED, ...UNDELIVERED], reads: ['population#*'] },
} as const satisfies Record<string, { readonly writes: Keys; readonly reads: Keys }>;

/** Rows that people write: publishing settings, and redriving. None of them decides a fix. */
export const ROWS_OF_PEOPLE: Keys = ['outbox#settings', ...UNDELIVERED];

/** What the keeper has sealed, and the heads that it signed. No other function reads them. */
export const ROWS_OF_KEEPER: Keys = ['keeper#*'];
