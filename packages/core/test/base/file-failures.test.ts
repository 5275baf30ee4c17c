import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readFailure, yamlFailure } from '../../src/base/file-failures.ts';

const failureOf = (path: string) =>
  readFile(path).then(
    () => undefined,
    (error: unknown) => readFailure(error, 'a.yaml'),
  );

test.each([
  ['a file that is missing', join(import.meta.dirname, 'missing'), 'File not found: a.yaml. Check the path.'],
  ['a path below a file', join(import.meta.filename, 'x'), 'File not found: a.yaml. Check the path.'],
  ['a folder', import.meta.dirname, 'Cannot read a.yaml: it is a folder. Name a file.'],
])('%s is called that', async (_, path, message) => {
  expect(await failureOf(path)).toBe(message);
});

test('any other failure to read keeps the words of the system', () => {
  expect(readFailure(new Error('EIO: i/o error'), 'a.yaml')).toBe('Cannot read a.yaml: EIO: i/o error');
});

test('several documents in one file are explained to its author', () => {
  expect(yamlFailure({ code: 'MULTIPLE_DOCS', message: 'please use YAML.parseAllDocuments()' })).toContain(
    'remove the line ---',
  );
  expect(yamlFailure({ code: 'BAD_INDENT', message: 'Bad indentation' })).toBe('Bad indentation');
});
