/** A configuration item as AWS Config sends it to a rule's function. */
export interface ConfigurationItem {
  readonly relatedEvents: readonly string[];
  readonly relationships: readonly Relationship[];
  readonly configuration: Readonly<Record<string, unknown>> | null;
  readonly supplementaryConfiguration: Readonly<Record<string, unknown>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationItemVersion: '1.3';
  readonly configurationItemCaptureTime: string;
  readonly configurationStateId: number;
  readonly awsAccountId: string;
  readonly configurationItemStatus: 'OK' | 'ResourceDiscovered' | 'ResourceDeleted';
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName: string | null;
  readonly ARN: string;
  readonly awsRegion: string;
  readonly availabilityZone: string;
  readonly configurationStateMd5Hash: '';
  readonly resourceCreationTime: string | null;
}

interface Relationship {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly name: string;
}

/** The part of a configuration item that a live read gives; the recorder adds the rest. */
export type ResourceDescription = Pick<
  ConfigurationItem,
  'resourceId' | 'resourceName' | 'ARN' | 'availabilityZone' | 'resourceCreationTime' | 'tags'
> & {
  /** `global` for IAM. */
  readonly awsRegion: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly supplementaryConfiguration?: Readonly<Record<string, unknown>>;
  readonly relationships?: readonly Relationship[];
};
