import * as z from 'zod';

import mappings from './prowler.json' with { type: 'json' };

/** A framework whose requirements are known by the checks that Prowler maps to them, not by texts of their own. */
export interface MappedFramework {
  readonly id: string;
  readonly title: string;
  readonly requirements: readonly MappedRequirement[];
}

interface MappedRequirement {
  /** As Prowler writes it: `ac_2_1`, `CC6.1`. */
  readonly id: string;
  /** How many checks Prowler has for the requirement. */
  readonly checks: number;
  /** The names of those of them that a rule may answer. */
  readonly names: readonly string[];
}

const Requirement = z
  .tuple([z.string(), z.int()], z.string())
  .transform(([id, checks, ...names]): MappedRequirement => ({ id, checks, names }));

const Mappings = z.object({
  frameworks: z.array(z.object({ id: z.string(), title: z.string(), requirements: z.array(Requirement) })),
});

/**
 * Frameworks beside CIS. Ids and names of checks come from Prowler's compliance files; NOTICE attributes them.
 * @see https://github.com/prowler-cloud/prowler/tree/master/prowler/compliance/aws
 */
export const mappedFrameworks: readonly MappedFramework[] = Mappings.parse(mappings).frameworks;
