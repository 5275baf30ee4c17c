/** A row of a scan's NDJSON, as far as tests look at it. */
export interface Row {
  readonly accountId: string;
  readonly region?: string;
  readonly command?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly complianceType: string;
  readonly annotation?: string;
  readonly owner?: string;
  readonly exemption?: string;
  readonly time?: string;
}

export const rowsIn = (ndjson: string): readonly Row[] =>
  ndjson
    .split('\n')
    .filter((line) => line !== '')
    // The program that the test runs has written it.
    .map((line) => JSON.parse(line) as Row);
