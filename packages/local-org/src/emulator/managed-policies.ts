import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { findPython } from './start-emulator.ts';

/**
 * A policy that AWS manages, such as `ReadOnlyAccess`, from the emulator's package data; `undefined` when there is none.
 * The emulator does not load these policies: a thousand of them would slow down its every start.
 */
export const managedPolicyDocument = async (name: string): Promise<object | undefined> => {
  const known = documents.get(name) ?? read(name);
  documents.set(name, known);
  return known;
};

const documents = new Map<string, Promise<object | undefined>>();

const SCRIPT = `
import json, sys
from moto.iam.aws_managed_policies import aws_managed_policies_data as data
print(json.dumps(json.loads(data).get(sys.argv[1], {}).get("Document")))
`;

const read = async (name: string): Promise<object | undefined> => {
  const { stdout } = await promisify(execFile)(await findPython(), ['-c', SCRIPT, name], {
    maxBuffer: 16 * 1024 * 1024,
  });
  const document: unknown = JSON.parse(stdout);
  return typeof document === 'object' && document !== null ? document : undefined;
};
