type FlatType = 'string' | 'bigint' | 'double' | 'array<string>' | 'map<string,string>';

/** The type of a column, in the terms of Hive. An object is a struct. */
export type ColumnType = FlatType | Readonly<Record<string, FlatType>>;

export interface Column {
  /** As the files spell it. SQL finds it in any case. */
  readonly name: string;
  readonly type: ColumnType;
}

/** The type as the Glue catalog spells it, in lower case: `struct<resourcetype:string,resourceid:string>`. */
export const glueType = (type: ColumnType): string =>
  typeof type === 'string'
    ? type
    : `struct<${Object.entries(type)
        .map(([name, member]) => `${name.toLowerCase()}:${member}`)
        .join(',')}>`;
