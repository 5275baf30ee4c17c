import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unzipSync } from 'fflate';
import * as z from 'zod';

import type { EmulatorClients } from '../emulator/clients.ts';
import { type Call, operationName, type RawReply } from '../protocol/call.ts';

/** The unpacked code of functions, by Lambda's digest of it. */
export interface CodeStore {
  /** Receives every completed call; stores the code of created and updated functions. */
  readonly onCompleted: (call: Call, reply: Pick<RawReply, 'status'>) => Promise<void>;
  /** @throws {Error} for unknown code */
  readonly folder: (codeSha256: string) => string;
  readonly stop: () => void;
}

const Code = z.object({
  ZipFile: z.string().optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  S3ObjectVersion: z.string().optional(),
});
const Create = z.object({ Code });

export const createCodeStore = (clients: EmulatorClients): CodeStore => {
  const root = mkdtempSync(join(tmpdir(), 'local-org-code-'));
  const folders = new Map<string, string>();

  const store = (zip: Uint8Array): void => {
    const sha256 = createHash('sha256').update(zip).digest('base64');
    if (folders.has(sha256)) return;
    const folder = join(root, String(folders.size + 1));
    unpack(zip, folder);
    folders.set(sha256, folder);
  };

  return {
    onCompleted: async (call, { status }) => {
      if (status >= 300) return;
      const name = operationName(call);
      if (name === 'lambda:CreateFunction')
        await storeCode(clients, call, Create.parse(call.input).Code, store);
      if (name === 'lambda:UpdateFunctionCode') await storeCode(clients, call, Code.parse(call.input), store);
    },
    folder: (codeSha256) => {
      const folder = folders.get(codeSha256);
      if (folder !== undefined) return folder;
      throw new Error(`Unknown function code: digest ${codeSha256}. Create functions through the gateway.`);
    },
    stop: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
};

const storeCode = async (
  clients: EmulatorClients,
  call: Call,
  { ZipFile: zipFile, S3Bucket: bucket, S3Key: key, S3ObjectVersion: versionId }: z.output<typeof Code>,
  store: (zip: Uint8Array) => void,
): Promise<void> => {
  if (zipFile !== undefined) {
    store(Buffer.from(zipFile, 'base64'));
    return;
  }
  const request = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  const { Body: body } = await clients(S3Client, call).send(request);
  if (body !== undefined) store(await body.transformToByteArray());
};

const unpack = (zip: Uint8Array, folder: string): void => {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(unzipSync(zip))) {
    const file = resolve(folder, path);
    if (!file.startsWith(folder + sep))
      throw new Error(`Unsafe path in the archive of the function: ${path}.`);
    if (path.endsWith('/')) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
};
