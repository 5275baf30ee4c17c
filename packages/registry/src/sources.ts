/** The version of each rule's package and the digest of its source, by command. The bundler replaces this module. */
export const sources: Readonly<Record<string, { readonly version: string; readonly source: string }>> = {};
