import { partitionOf } from '@compliance/core';
import type { Place } from '../base/place.ts';

/** A function, completely named. */
export interface FunctionTarget {
  readonly place: Place;
  readonly name: string;
  readonly qualifier: string | undefined;
  /** Without the qualifier. */
  readonly arn: string;
  /** With the qualifier, if any: as in the context of an invocation. */
  readonly invokedArn: string;
}

const FULL =
  /^arn:[^:]+:lambda:(?<region>[^:]+):(?<accountId>\d{12}):function:(?<name>[^:]+)(?::(?<qualifier>.+))?$/;
const PARTIAL = /^(?<accountId>\d{12}):function:(?<name>[^:]+)(?::(?<qualifier>.+))?$/;
const NAME = /^(?<name>[^:]+)(?::(?<qualifier>.+))?$/;

/** Parses a name, a partial or a full ARN, each with or without a qualifier. */
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
