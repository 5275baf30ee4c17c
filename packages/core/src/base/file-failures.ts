/** Why a file that a person named cannot be read, and what to do. */
export const readFailure = (error: unknown, path: string): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `File not found: ${path}. Check the path.`;
  if (code === 'EISDIR') return `Cannot read ${path}: it is a folder. Name a file.`;
  if (code === 'EACCES') return `Cannot read ${path}: you have no permission to.`;
  return `Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`;
};

/** What is wrong with the text of a YAML file. The parser's own sentence about several documents advises a programmer. */
export const yamlFailure = ({ code, message }: { readonly code: string; readonly message: string }): string =>
  code === 'MULTIPLE_DOCS'
    ? 'a second document begins here; the file must have one: remove the line ---'
    : message;
