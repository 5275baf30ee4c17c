import * as z from 'zod';

export const PlanId = z.string().regex(/^plan-[0-9a-f]{16}$/, 'is not a plan id');
export const ChangeId = z.string().regex(/^change-[0-9a-f]{16}$/, 'is not a change id');
