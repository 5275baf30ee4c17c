import { partitionOf, type Place } from '../base/place.ts';

/** A function as callers name it, made complete. */
export interface FunctionTarget {
  readonly place: Place;
  readonly name: string;
  readonly qualifier: string | undefined;
  /** Without the qualifier. */
  readonly arn: string;
  /** As the context of an invocation shows it: with the qualifier, if there is one. */
  readonly invokedArn: string;
}

const FULL =
  /^arn:[^:]+:lambda:(?<region>[^:]+):(?<accountId>\d{12}):function:(?<name>[^:]+)(?::(?<qualifier>.+))?$/;
const PARTIAL = /^(?<accountId>\d{12}):function:(?<name>[^:]+)(?::(?<qualifier>.+))?$/;
const NAME = /^(?<name>[^:]+)(?::(?<qualifier>.+))?$/;

/** Lambda takes names, partial and full ARNs, each with or without a qualifier. */
export const functionTarget = (nameOrArn: string, caller: Place, givenQualifier?: string): FunctionTarget => {
  const parts = (FULL.exec(nameOrArn) ?? PARTIAL.exec(nameOrArn) ?? NAME.exec(nameOrArn))?.groups ?? {};
  const place = {
    accountId: parts['accountId'] ?? caller.accountId,
    region: parts['region'] ?? caller.region,
  };
  const name = parts['name'] ?? nameOrArn;
  const qualifier = parts['qualifier'] ?? givenQualifier;
  const arn = `arn:${partitionOf(place.region)}:lambda:${place.region}:${place.accountId}:function:${name}`;
  return { place, name, qualifier, arn, invokedArn: qualifier === undefined ? arn : `${arn}:${qualifier}` };
};
