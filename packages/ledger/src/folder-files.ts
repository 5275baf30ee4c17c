import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { link, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { hasErrno } from './errno.ts';

/**
 * Creates a file with its whole content. An existing file stays as it is.
 * The draft comes first: a process that dies leaves no partial file, and `link` fails if the file exists.
 * @returns whether this call created it
 */
export const createFile = async (path: string, content: string | Uint8Array): Promise<boolean> => {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeDraft(draft, content);
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const writeDraft = async (draft: string, content: string | Uint8Array): Promise<void> => {
  const write = () => writeFile(draft, content, { flag: 'wx' });
  try {
    await write();
  } catch (error) {
    // Most of the time, the folder is there.
    if (!hasErrno(error, 'ENOENT')) throw error;
    await makeFolders(dirname(draft));
    await write();
  }
};

/**
 * Makes a folder, and those above it. Throws what the operating system says.
 * With `recursive`, Node tries for ever below a folder such as /proc, which takes no other one.
 */
export const makeFolders = async (folder: string): Promise<void> => {
  try {
    await makeFolder(folder);
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
    await makeFolders(dirname(folder));
    await makeFolder(folder);
  }
};

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!hasErrno(error, 'EEXIST') || !(await stat(folder)).isDirectory()) throw error;
  }
};

/** Whether a file of this name is a draft: another process is just writing it, or died meanwhile. */
export const isDraft = (name: string): boolean => DRAFT.test(name);

const DRAFT = /\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.draft$/;

/**
 * The content of a file, or what else is in its place. Throws what the operating system says.
 * A file of more than `limit` bytes is not read.
 * Of many small files on this machine's disk, three quarters of the time is Node's own way to read without waiting.
 */
export const readPlainFile = (path: string, limit = Infinity): Buffer | 'folder' | 'device' | 'too long' => {
  // Opened so, a pipe does not wait for its writer.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (found.isFile()) return found.size > limit ? 'too long' : readFileSync(file);
    return found.isDirectory() ? 'folder' : 'device';
  } finally {
    closeSync(file);
  }
};
