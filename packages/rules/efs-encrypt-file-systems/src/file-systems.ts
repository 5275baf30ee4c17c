import {
  DescribeFileSystemsCommand,
  EFSClient,
  paginateDescribeFileSystems,
  type FileSystemDescription,
} from '@aws-sdk/client-efs';
import {
  hasCode,
  tagsOf,
  type ConfigurationItem,
  type Listed,
  type Observation,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import * as z from 'zod';

export const FILE_SYSTEM = 'AWS::EFS::FileSystem';

export const Facts = z.object({
  encrypted: z.boolean(),
  /** The id alone: the item may have it where EFS answers the ARN. */
  kmsKeyId: z.string().nullable(),
});
type Facts = z.infer<typeof Facts>;

interface Context {
  readonly session: Session;
}

/** Unlike most items, this type's has the names of CloudFormation: `Encrypted`, not `encrypted`. */
const Item = z.union([
  z.object({ Encrypted: z.literal(false) }),
  z.object({ Encrypted: z.literal(true), KmsKeyId: z.string() }),
]);

export const parseItem = ({
  configuration,
  resourceId,
}: ConfigurationItem): Observation<Facts> | undefined => {
  const { success, data } = Item.safeParse(configuration);
  return success ? { facts: factsOf(data), identity: { resourceName: resourceId } } : undefined;
};

/** @see https://docs.aws.amazon.com/efs/latest/ug/API_DescribeFileSystems.html */
export const getFileSystem = async (
  { resourceId }: Resource,
  { session }: Context,
): Promise<Observation<Facts> | undefined> => {
  try {
    const { FileSystems: [found] = [] } = await session
      .client(EFSClient)
      .send(new DescribeFileSystemsCommand({ FileSystemId: resourceId }));
    return found && isThere(found)
      ? { facts: factsOf(found), identity: { resourceName: resourceId } }
      : undefined;
  } catch (error) {
    if (hasCode(error, 'FileSystemNotFound')) return undefined;
    throw error;
  }
};

export const listFileSystems = async function* ({ session }: Context): AsyncGenerator<Listed<Facts>> {
  const pages = paginateDescribeFileSystems({ client: session.client(EFSClient), pageSize: 100 }, {});
  for await (const { FileSystems = [] } of pages)
    for (const found of FileSystems.filter(isThere)) {
      const { FileSystemId: resourceId = '', Tags } = found;
      yield {
        resource: { resourceType: FILE_SYSTEM, resourceId, resourceName: resourceId, tags: tagsOf(Tags) },
        facts: factsOf(found),
      };
    }
};

const isThere = ({ LifeCycleState }: FileSystemDescription): boolean =>
  LifeCycleState !== 'deleting' && LifeCycleState !== 'deleted';

const factsOf = ({
  Encrypted,
  KmsKeyId,
}: {
  readonly Encrypted?: boolean | undefined;
  readonly KmsKeyId?: string | undefined;
}): Facts => ({
  encrypted: Encrypted === true,
  kmsKeyId: KmsKeyId?.split('/').at(-1) ?? null,
});
