import { AccessAnalyzerClient, paginateListAnalyzers } from '@aws-sdk/client-accessanalyzer';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

/** The types that look for access from outside. Those of unused or internal access cost money and look for others. */
const EXTERNAL = z.enum(['ACCOUNT', 'ORGANIZATION']);

const Analyzer = z.object({ name: z.string(), type: EXTERNAL, status: z.string() });
export type Analyzer = z.infer<typeof Analyzer>;

/** The analyzers of external access in one account and Region, by name. */
export const Facts = z.object({ analyzers: z.array(Analyzer) });

/** The name of the analyzer that a fix creates. The grants of the fix and its undo name it too. */
export const NAME = 'external-access';

/** Whether an analyzer of any type has the name already. */
export const Handles = z.object({ nameIsTaken: z.boolean() });

/** @see https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html */
export const observeAnalyzers = async (session: Session) => {
  const pages = await Array.fromAsync(
    paginateListAnalyzers({ client: session.client(AccessAnalyzerClient) }, {}),
  );
  const all = pages.flatMap(({ analyzers = [] }) => analyzers);
  const external = all.flatMap((one) => {
    const analyzer = Analyzer.safeParse(one);
    return analyzer.success ? analyzer.data : [];
  });
  return {
    facts: { analyzers: external.toSorted((a, b) => (a.name < b.name ? -1 : 1)) },
    handles: { nameIsTaken: all.some(({ name }) => name === NAME) },
  };
};
