import { EC2Client, paginateGetManagedPrefixListEntries } from '@aws-sdk/client-ec2';
import { errorCode, failureKind, type Session } from '@compliance/core/rule';
import * as z from 'zod';

import { familyOf, rangesOf, type Family } from './cidr.ts';

/** Prefix list id → its CIDRs, or the code of the error with which EC2 refuses to read them. */
export const PrefixLists = z.record(
  z.string(),
  z.union([z.array(z.string()), z.object({ unreadable: z.string() })]),
);
export type PrefixLists = Readonly<z.infer<typeof PrefixLists>>;

/** The CIDRs of these families; an error stays. */
export const entriesIn = (families: readonly Family[], entries: PrefixLists[string]): PrefixLists[string] =>
  Array.isArray(entries) ? entries.filter((cidr) => families.includes(familyOf(cidr))) : entries;

/**
 * Reads the CIDRs of a prefix list.
 * A refusal is an answer: the other sources of a group decide most verdicts without the list.
 */
export const readPrefixList = async (
  prefixListId: string,
  client: EC2Client,
): Promise<PrefixLists[string]> => {
  try {
    const pages = await Array.fromAsync(
      paginateGetManagedPrefixListEntries({ client, pageSize: 100 }, { PrefixListId: prefixListId }),
    );
    return pages
      .flatMap(({ Entries = [] }) => Entries.flatMap(({ Cidr }) => Cidr ?? []))
      .filter((cidr) => rangesOf(cidr).length > 0)
      .toSorted();
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    return { unreadable: errorCode(error) };
  }
};

/** The rules of a sweep share one read of each prefix list: one call per hundred entries. */
export const sharedPrefixList = (prefixListId: string, session: Session): Promise<PrefixLists[string]> =>
  session.once(`ec2/prefix-list/${prefixListId}`, () =>
    readPrefixList(prefixListId, session.client(EC2Client)),
  );
