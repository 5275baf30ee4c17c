import { createHash } from 'node:crypto';

/** AWS Config adds 27 characters to a pack rule's name, and some of its calls accept 64. */
const MAX_LENGTH = 37;

/** The name of a command's rule in AWS Config: `S3_ENABLE_VERSIONING` → `s3-enable-versioning`. */
export const configRuleName = (command: string): string => {
  const kebab = command.toLowerCase().replaceAll('_', '-');
  if (kebab.length <= MAX_LENGTH) return kebab;
  return `${kebab.slice(0, 28)}-${createHash('sha256').update(command).digest('hex').slice(0, 8)}`;
};

/** AWS Config puts it between the name of a rule and the id of its conformance pack. */
export const PACK_SUFFIX = '-conformance-pack-';

/** The name of a deployed rule, without the suffix that a conformance pack gives it. */
export const withoutPackSuffix = (deployedName: string): string =>
  deployedName.replace(new RegExp(`${PACK_SUFFIX}[a-z0-9]+$`), '');

/** Whether a deployed rule runs this command. */
export const isRuleOf = (command: string, deployedName: string): boolean =>
  withoutPackSuffix(deployedName) === configRuleName(command);
