import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';

import { decodeText, readFailure, yamlFailure } from '@compliance/core';
import { LineCounter, parseDocument } from 'yaml';

/** Reads a YAML file. @throws {Error} when it cannot be read, is not UTF-8 or not YAML, with the line of each mistake */
export const readYamlFile = async (path: string): Promise<unknown> => {
  const text = decodeText(await readBytes(path), path);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mistakes = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${relative(process.cwd(), path)}:${line}:${col}: ${yamlFailure(error)}`;
  });
  if (mistakes.length > 0) throw new Error(mistakes.join('; '));
  return document.toJS();
};

const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (error) {
    // oxlint-disable-next-line preserve-caught-error -- the message says all of it; people would read it twice.
    throw new Error(readFailure(error, path));
  }
};
