import { cis12 } from './cis/cis-1.2.ts';
import { cis13 } from './cis/cis-1.3.ts';
import { cis14 } from './cis/cis-1.4.ts';
import { cis15 } from './cis/cis-1.5.ts';
import { cis20 } from './cis/cis-2.0.ts';
import { cis30 } from './cis/cis-3.0.ts';
import { cis40 } from './cis/cis-4.0.ts';
import { cis50 } from './cis/cis-5.0.ts';
import { cis60 } from './cis/cis-6.0.ts';
import { cis70 } from './cis/cis-7.0.ts';
import type { Framework, Section } from './framework.ts';

const cis = (version: string, sections: readonly Section[]): Framework => ({
  id: `cis-${version}`,
  title: `CIS AWS Foundations Benchmark ${version}`,
  sections,
});

/**
 * Every framework, newest first.
 * The titles are our own words, because the texts of CIS are licensed. Ids, levels and assessments were compared
 * between the public mappings of Prowler and Steampipe. Where they disagree, the level is `null`, and the assessment is
 * Steampipe's: Prowler's 2.0 and 3.0 repeat the assessments of 1.5.
 */
export const frameworks: readonly Framework[] = [
  cis('7.0', cis70),
  cis('6.0', cis60),
  cis('5.0', cis50),
  // 4.0.1 corrects texts only: the same requirements, levels and assessments.
  cis('4.0.1', cis40),
  cis('4.0', cis40),
  cis('3.0', cis30),
  cis('2.0', cis20),
  cis('1.5', cis15),
  cis('1.4', cis14),
  cis('1.3', cis13),
  cis('1.2', cis12),
];
