import { createHash } from 'node:crypto';

/** AWS Config adds 27 characters to a pack rule's name, and some of its calls take 64. */
const MAX_LENGTH = 37;

/** The name of a command's rule in AWS Config: `S3_ENABLE_VERSIONING` → `s3-enable-versioning`. */
export const configRuleName = (command: string): string => {
  const kebab = command.toLowerCase().replaceAll('_', '-');
  if (kebab.length <= MAX_LENGTH) return kebab;
  return `${kebab.slice(0, 28)}-${createHash('sha256').update(command).digest('hex').slice(0, 8)}`;
};

/** Whether a deployed rule is this command's: as it was named, or with the suffix a conformance pack gives it. */
export const isRuleOf = (command: string, deployedName: string): boolean =>
  deployedName.replace(/-conformance-pack-[a-z0-9]+$/, '') === configRuleName(command);
