/** The files of a ledger. Each is written once. */
export interface Store {
  /** Writes the whole file or nothing. An existing file stays as it is. */
  writeOnce(key: string, text: string): Promise<void>;
  /**
   * Lists the keys of a folder in ascending order, also those that are not of a ledger. `prefix` is empty or ends with `/`. May skip keys before `after`, and
   * may end at the first one after `until`. `onUnreadable` receives each folder that cannot be listed.
   */
  list(range: KeyRange): AsyncIterable<string>;
  /** The text of a file, or why this one file cannot be read. Throws what concerns all files. */
  read(key: string): Promise<StoredText>;
  /** The path or URL of a file, for people. */
  describe(key: string): string;
}

export interface KeyRange {
  readonly prefix: string;
  readonly after?: string;
  readonly until?: string;
  readonly onUnreadable?: (key: string, problem: string) => void;
}

export type StoredText = { readonly text: string } | { readonly problem: string };

/** The problem of a file that is gone since it was listed, or in an archive. */
export const GONE = 'It is gone or archived.';
