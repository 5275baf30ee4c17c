import type { InitializeMiddleware } from '@smithy/types';

/** The part of an S3 client's configuration that decides where its requests name the bucket. */
export interface S3Config {
  forcePathStyle?: boolean;
  /** The address in the environment or the AWS CLI's files, if there is one. The SDK asks it when it sends a request. */
  readonly serviceConfiguredEndpoint?: () => Promise<string | undefined>;
}

/**
 * Names buckets in the path where S3 has a plain-http address.
 * An emulator has no host name for each bucket, and the SDK refuses one with dots before an IP address. AWS has https.
 */
export const pathStyleOverHttp =
  (config: S3Config, endpoint: string | undefined): InitializeMiddleware<object, object> =>
  (next) =>
  async (args) => {
    const address = endpoint ?? (await config.serviceConfiguredEndpoint?.());
    if (address?.startsWith('http://')) config.forcePathStyle = true;
    return next(args);
  };
