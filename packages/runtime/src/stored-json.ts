import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';

/** The keys of the settings bucket. */
export const SETTINGS_KEY = 'settings.json';
export const EXEMPTIONS_KEY = 'exemptions.json';

/** The largest size of one object: about ten thousand exemptions. A larger one is a mistake, and would exhaust memory. */
export const MAX_STORED_BYTES = 5_000_000;

/** Reads a JSON object from the settings bucket. Rejects when it is missing, too large or not JSON. */
export const readStoredJson = async (session: Session, Bucket: string, Key: string): Promise<unknown> => {
  const { Body, ContentLength = 0 } = await session
    .client(S3Client)
    // A bucket of that name in another account would decide what is fixed.
    .send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: session.accountId }));
  if (ContentLength > MAX_STORED_BYTES) {
    // Destroy the body to free the socket.
    if (Body && 'destroy' in Body) Body.destroy();
    throw new Error(
      `Object too large: s3://${Bucket}/${Key} has ${ContentLength} bytes. The limit is ${MAX_STORED_BYTES}.`,
    );
  }
  const text = await Body?.transformToString();
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch (error) {
    throw new Error(`Not JSON: s3://${Bucket}/${Key}. Publish the settings again with 'make settings'.`, {
      cause: error,
    });
  }
};
