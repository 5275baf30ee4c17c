import { join } from 'node:path';

export const REPOSITORY = join(import.meta.dirname, '../../../..');

/** The folder of everything that is not committed. */
export const WORK = join(REPOSITORY, '.compliance');

export const LOCAL_ORGANIZATION = join(WORK, 'local/organization.json');
export const LOCAL_LOG = join(WORK, 'local/organization.log');
export const LOCAL_SETTINGS = join(WORK, 'local/compliance.yaml');

/** The bundles that `make build` writes. */
export const ZIPS = {
  rule: join(REPOSITORY, 'apps/evaluate/dist/function.zip'),
  remediation: join(REPOSITORY, 'apps/remediate/dist/function.zip'),
  keeper: join(REPOSITORY, 'apps/keeper/dist/function.zip'),
} as const;
