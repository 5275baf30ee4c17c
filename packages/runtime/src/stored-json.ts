import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';

/** The keys of the settings bucket. */
export const SETTINGS_KEY = 'settings.json';
export const EXEMPTIONS_KEY = 'exemptions.json';

/** Reads a JSON object of the master account's settings bucket. Rejects when it is not there or no JSON. */
export const readStoredJson = async (session: Session, Bucket: string, Key: string): Promise<unknown> => {
  const { Body } = await session.client(S3Client).send(new GetObjectCommand({ Bucket, Key }));
  const text = await Body?.transformToString();
  try {
    return JSON.parse(text ?? '') as unknown;
  } catch (error) {
    throw new Error(`s3://${Bucket}/${Key} is no JSON.`, { cause: error });
  }
};
