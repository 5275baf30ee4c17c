/** The parts of a deployment that are deployed, and therefore read, together. The SSM document belongs to `functions`. */
export type Part =
  | 'functions'
  | 'executionRoles'
  | 'memberRoles'
  | 'rules'
  | 'recorders'
  | 'stores'
  | 'logGroups'
  | 'forwarding'
  | 'changes'
  | 'keeper'
  | 'signingKey'
  | 'dashboard'
  | 'packs'
  | 'organization'
  | 'organizationAccounts'
  | 'administration'
  | 'serviceControl';

/** A part that was read in one account. Global parts, such as roles, have no Region. */
export interface Coverage {
  readonly part: Part;
  readonly accountId: string;
  readonly region?: string | undefined;
}

/** A part that could not be read, and why. */
export interface Refusal extends Coverage {
  readonly reason: string;
}

const isSame = (a: Coverage, b: Coverage): boolean =>
  a.part === b.part && a.accountId === b.accountId && a.region === b.region;

/** Whether a part was read: what is absent there is missing, not just out of sight. */
export const isCovered = (
  { coverage }: { readonly coverage: readonly Coverage[] },
  wanted: Coverage,
): boolean => coverage.some((each) => isSame(each, wanted));

/** Why a part could not be read, when that is known. */
export const refusalReason = (
  { refusals }: { readonly refusals: readonly Refusal[] },
  wanted: Coverage,
): string | undefined => refusals.find((refusal) => isSame(refusal, wanted))?.reason;

/** Coverage without duplicates. */
export const distinctCoverage = (coverage: readonly Coverage[]): readonly Coverage[] => [
  ...new Map(
    coverage.map((each) => [[each.part, each.accountId, each.region ?? ''].join('/'), each] as const),
  ).values(),
];
