import { randomBytes } from 'node:crypto';

import { type Place, samePlace } from '../base/place.ts';
import { awsError } from '../protocol/aws-error.ts';

/** The rule of an issued token; for its holder a token is opaque. */
interface IssuedToken {
  readonly place: Place;
  readonly ruleName: string;
  readonly ruleId: string;
}

export interface ResultTokens {
  readonly issue: (issued: IssuedToken) => string;
  /** @throws {AwsError} InvalidResultTokenException for an unknown token, or one of another account or Region */
  readonly redeem: (token: string, caller: Place) => IssuedToken;
}

const MAX_TOKENS = 20_000;

export const createResultTokens = (): ResultTokens => {
  const issuedBy = new Map<string, IssuedToken>();
  return {
    issue: (issued) => {
      const token = Buffer.from(
        JSON.stringify({ encryptedData: [...randomBytes(12)], materialSetSerialNumber: 1 }),
      ).toString('base64');
      issuedBy.set(token, issued);
      const [oldest] = issuedBy.keys();
      if (issuedBy.size > MAX_TOKENS && oldest !== undefined) issuedBy.delete(oldest);
      return token;
    },
    redeem: (token, caller) => {
      const issued = issuedBy.get(token);
      if (issued !== undefined && samePlace(issued.place, caller)) return issued;
      throw awsError('InvalidResultTokenException', 'The specified ResultToken is not valid.', 400);
    },
  };
};
