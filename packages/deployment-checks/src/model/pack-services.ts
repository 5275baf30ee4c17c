/**
 * The services whose delegated administrator may own organization packs and aggregate their results.
 * @see https://docs.aws.amazon.com/config/latest/developerguide/conformance-pack-organization-apis.html
 */
export const PACK_SERVICES = ['config-multiaccountsetup.amazonaws.com', 'config.amazonaws.com'] as const;
