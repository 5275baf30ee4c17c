import { defined, SEVERITIES, type Account, type Settings, type Severity } from '@compliance/core/scan';
import { isViolation, type Finding } from '@compliance/report';

/** The severity from which on a violation fails a pipeline. */
export type FailOn = 'any' | Severity;

/** The owner as far as tags and settings say. The functions also ask for the account's security contact. */
export const ownerOf = ({ tags }: Finding, { owner }: Account, settings: Settings | undefined) =>
  defined({ owner: tags?.[settings?.owners.tag ?? 'owner'] ?? owner });

/** Whether a finding fails a pipeline. */
export type Fails = (finding: Finding) => boolean;

/** Whether findings of this severity fail; with a baseline, only those that it does not have. */
export const failsFrom = (failOn: FailOn | undefined, isNew: Fails = () => true): Fails =>
  failOn === undefined ? () => false : (finding) => reachesSeverity(finding, failOn) && isNew(finding);

const reachesSeverity = (finding: Finding, failOn: FailOn): boolean =>
  isViolation(finding) &&
  (failOn === 'any' ||
    finding.severity === undefined ||
    SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(failOn));
