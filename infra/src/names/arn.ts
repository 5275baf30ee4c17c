/** A partition and an account in it, or Terraform's expressions for them. */
export interface AccountPlace {
  readonly partition: string;
  readonly accountId: string;
}

export interface RegionalPlace extends AccountPlace {
  readonly region: string;
}

export const functionArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;

export const documentArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:ssm:${region}:${accountId}:document/${name}`;

export const topicArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:sns:${region}:${accountId}:${name}`;

export const queueArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:sqs:${region}:${accountId}:${name}`;

export const busArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:events:${region}:${accountId}:event-bus/${name}`;

export const logGroupArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`;

/** The ARN of a rule of the default bus, where AWS's own events arrive. */
export const eventRuleArn = ({ partition, region, accountId }: RegionalPlace, name: string): string =>
  `arn:${partition}:events:${region}:${accountId}:rule/${name}`;

export const roleArn = ({ partition, accountId }: AccountPlace, name: string): string =>
  `arn:${partition}:iam::${accountId}:role/${name}`;

/** The account itself as a principal: its own IAM policies decide which identities. */
export const accountArn = ({ partition, accountId }: AccountPlace): string =>
  `arn:${partition}:iam::${accountId}:root`;
