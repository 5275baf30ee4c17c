import { awsError } from './aws-error.ts';

/** AWS Config takes a limit of 0 as the default. */
export const limitOrDefault = (limit: number | undefined, defaultLimit: number): number =>
  limit === undefined || limit === 0 ? defaultLimit : limit;

/** Returns one page of a listing; the token is the offset, opaque to callers. */
export const page = <T>(
  all: readonly T[],
  { limit, nextToken }: { readonly limit: number; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken?: string } => {
  const offset = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw awsError('InvalidNextTokenException', 'The specified next token is not valid.', 400);
  }
  const end = offset + limit;
  const items = all.slice(offset, end);
  return end < all.length ? { items, nextToken: Buffer.from(String(end)).toString('base64url') } : { items };
};
