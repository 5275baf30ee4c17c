/** The files of a ledger. Each is written once. */
export interface Store {
  /** Writes the whole file or nothing. An existing file stays as it is. */
  writeOnce(key: string, text: string): Promise<void>;
  /**
   * Lists the keys of a folder in ascending order, also those that are not of a ledger. `prefix` is empty or ends with `/`. May skip keys before `after`, and
   * may end at the first one after `until`.
   */
  list(range: {
    readonly prefix: string;
    readonly after?: string;
    readonly until?: string;
  }): AsyncIterable<string>;
  /** The text of a file; `undefined` when it is gone since it was listed, or archived. */
  read(key: string): Promise<string | undefined>;
  /** The path or URL of a file, for people. */
  describe(key: string): string;
}
