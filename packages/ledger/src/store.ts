/** Where a ledger keeps its files: written once, never again. */
export interface Store {
  /** Whole or not at all. A file that is there already stays as it is. */
  writeOnce(key: string, text: string): Promise<void>;
  /** Keys in ascending order. May leave out keys before `after`, and those behind the first that is past `until`. */
  list(range: { readonly after?: string; readonly until?: string }): AsyncIterable<string>;
  read(key: string): Promise<string>;
  /** The file as a person finds it. */
  describe(key: string): string;
}
