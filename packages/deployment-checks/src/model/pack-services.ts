/**
 * Of what an account must be the delegated administrator to own the organization's packs and to aggregate.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/conformance-pack-organization-apis.html
 */
export const PACK_SERVICES = ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'] as const;
