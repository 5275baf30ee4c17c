import { Trail } from '@compliance/trails';
import * as z from 'zod';

/** The trails that record this account, in any Region. */
export const TrailFacts = z.object({ trails: z.array(Trail) });
export type TrailFacts = z.infer<typeof TrailFacts>;
