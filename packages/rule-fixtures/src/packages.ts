import { join } from 'node:path';

/** This checkout: the fixtures are part of no release. */
export const REPOSITORY = join(import.meta.dirname, '../../..');

/** The folder of a rule's package. */
export const packageOf = (command: string): string =>
  join(REPOSITORY, 'packages/rules', command.toLowerCase().replaceAll('_', '-'));
