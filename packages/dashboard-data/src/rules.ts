import * as z from 'zod/mini';

import { Integers } from './columns.ts';

/** Worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** A rule of the catalogue. Other members name it by its index in the list. */
export const RuleRow = z.object({
  command: z.string(),
  /** The state that is compliant, as a statement. */
  title: z.string(),
  severity: z.enum(SEVERITIES),
  /** The AWS service, from the resource type: `S3`, `EC2`. */
  service: z.string(),
  resourceType: z.string(),
  /** `safe`: nothing stops working. `impact`: something may, see `impact`. `person`: see `guidance`. */
  fix: z.enum(['safe', 'impact', 'person']),
  rationale: z.optional(z.string()),
  /** What may stop working after a fix. */
  impact: z.optional(z.string()),
  /** What a person must do where no fix is. */
  guidance: z.optional(z.string()),
  /** Framework → ids of its requirements. */
  controls: z.record(z.string(), z.array(z.string())),
});
export type RuleRow = z.infer<typeof RuleRow>;

/** A requirement of a framework with what rules cover of it. */
const RequirementRow = z.object({
  id: z.string(),
  title: z.string(),
  /** The title of its section. */
  section: z.string(),
  /** The benchmark's profile; `null` where sources disagree or the framework has none. */
  level: z.nullable(z.int()),
  /** Whether the framework itself says that a machine can decide. */
  assessment: z.enum(['automated', 'manual']),
  /** Indexes of rules. */
  rules: Integers,
  /** `full`: nothing remains for a person. `partial`: `human` says what remains. `human`: no rule judges it. */
  detection: z.enum(['full', 'partial', 'human']),
  /** How many of its rules have a fix. */
  fix: z.enum(['all', 'some', 'none']),
  /** What a person does, because no rule can. */
  human: z.optional(z.string()),
});
export type RequirementRow = z.infer<typeof RequirementRow>;

/** A version of a framework. */
export const FrameworkRow = z.object({
  /** `cis-7.0` */
  id: z.string(),
  title: z.string(),
  requirements: z.array(RequirementRow),
});
export type FrameworkRow = z.infer<typeof FrameworkRow>;
