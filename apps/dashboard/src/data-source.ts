/** Where the files of the data are: a folder or a bucket. */
export interface DataSource {
  /** For messages: the folder, or `s3://bucket/prefix`. */
  readonly place: string;
  /** A file as text; `undefined` when it is not there. */
  readonly read: (key: string) => Promise<string | undefined>;
  /** A part of a file: from `start` to `end`, exclusive; from the end where `start` is negative. */
  readonly readRange: (key: string, range: ByteRange) => Promise<Part | undefined>;
}

export interface ByteRange {
  readonly start: number;
  /** Absent: to the end of the file. */
  readonly end?: number;
}

export interface Part {
  readonly bytes: Uint8Array;
  readonly start: number;
  /** Of the whole file. */
  readonly size: number;
}
