/** The file with every verdict, read by HTTP range. */
export const VERDICTS_KEY = 'verdicts.parquet';

/**
 * The columns of `verdicts.parquet`, sorted by `resource`, then `account` and `rule`, as UTF-8 bytes. Its row groups have
 * statistics of `resource`, so that a reader fetches only those that can hold a prefix. Texts are dictionary-encoded.
 */
export const VERDICT_COLUMNS = [
  /** AWS Config's id of the resource. */
  { name: 'resource', type: 'STRING' },
  /** Its name; empty where that is the id. */
  { name: 'name', type: 'STRING' },
  /** `AWS::S3::Bucket` */
  { name: 'type', type: 'STRING' },
  /** The id of the account. */
  { name: 'account', type: 'STRING' },
  { name: 'region', type: 'STRING' },
  /** The command of the rule. */
  { name: 'rule', type: 'STRING' },
  /** One of `STATES`. */
  { name: 'state', type: 'STRING' },
  /** Seconds since 1970: when it entered this state. */
  { name: 'since', type: 'INT64' },
  /** What was found; empty where nothing was. */
  { name: 'annotation', type: 'STRING' },
  /** Empty where nobody is. */
  { name: 'owner', type: 'STRING' },
  /** The id of the exemption that covers it; empty where none does. */
  { name: 'exemption', type: 'STRING' },
] as const;
export type VerdictColumn = (typeof VERDICT_COLUMNS)[number]['name'];

/** Rows in a row group: a search reads one or two of them. */
export const VERDICT_GROUP_ROWS = 50_000;
