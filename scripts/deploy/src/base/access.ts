/** An account and a Region. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A client class of the AWS SDK. */
type ClientClass<C> = new (configuration: {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: Credentials;
}) => C;

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Access to an organization: in AWS, or on this machine. */
export interface Access {
  /** Terraform's provider block for a place. */
  readonly provider: (place: Place) => object;
  /** Terraform's backend block for the state of this key. */
  readonly backend: (key: string) => object;
  /** Added to the environment of a Terraform run. */
  readonly environment: (place: Place) => Readonly<Record<string, string>>;
  readonly client: <C>(clientClass: ClientClass<C>, place: Place) => Promise<C>;
}
