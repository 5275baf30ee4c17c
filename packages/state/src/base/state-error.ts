/** Says what of the stored state cannot be used. The state can be built again from the ledger. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly what: string;

  constructor(what: string, options?: ErrorOptions) {
    super(`${what} Build the state again, into an empty folder.`, options);
    this.what = what;
  }
}
