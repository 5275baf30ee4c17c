/**
 * Services whose delegated administrator may own and aggregate organization packs.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/conformance-pack-organization-apis.html
 */
export const PACK_SERVICES = ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'] as const;
