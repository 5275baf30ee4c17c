export { NO_ORGANIZATION, observeOrganization } from './observe-organization.ts';
