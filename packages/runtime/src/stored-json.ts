import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';

/** The keys of the settings bucket. */
export const SETTINGS_KEY = 'settings.json';
export const EXEMPTIONS_KEY = 'exemptions.json';

/** Of one of these objects: ten thousand exemptions. What is larger is a mistake, and would cost a function its memory. */
export const MOST_STORED_BYTES = 5_000_000;

/** Reads a JSON object of the master account's settings bucket. Rejects when it is not there, too large or no JSON. */
export const readStoredJson = async (session: Session, Bucket: string, Key: string): Promise<unknown> => {
  const { Body, ContentLength = 0 } = await session
    .client(S3Client)
    .send(new GetObjectCommand({ Bucket, Key }));
  if (ContentLength > MOST_STORED_BYTES) {
    // Unread, it would keep its connection.
    if (Body && 'destroy' in Body) Body.destroy();
    throw new Error(
      `s3://${Bucket}/${Key} has ${ContentLength} bytes; more than ${MOST_STORED_BYTES} are not read.`,
    );
  }
  const text = await Body?.transformToString();
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch (error) {
    throw new Error(`s3://${Bucket}/${Key} is no JSON.`, { cause: error });
  }
};
