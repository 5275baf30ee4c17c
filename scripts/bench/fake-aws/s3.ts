import { json, nothing, xml, xmlError, type Answer } from './answer.ts';
import type { Call } from './parse-call.ts';
import type { State } from './state.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** Fakes the calls of S3 that list buckets and read their configuration. */
export const answerS3 = (call: Call, state: State): Answer => {
  const { operation, path, accountId, body } = call;
  const [bucket = '', ...key] = path.slice(1).split('/');
  const id = `${accountId}/${bucket}`;
  switch (operation) {
    case 'ListBuckets':
      return listBuckets(call, state);
    case 'GetBucketVersioning':
      return xml(
        `<VersioningConfiguration ${NAMESPACE}>${versioningOf(id, state)}</VersioningConfiguration>`,
      );
    case 'PutBucketVersioning':
      state.versioning.set(id, /<Status>(\w+)</.exec(body)?.[1] ?? 'Suspended');
      return nothing;
    case 'GetObject': {
      const object = state.world.objects[key.join('/')];
      return object === undefined ? xmlError(404, 'NoSuchKey') : json(Object(object));
    }
    case 'PutObject':
      return nothing;
    default:
      return detailOf(operation);
  }
};

const listBuckets = ({ query }: Call, { world }: State): Answer => {
  const first = Number(query.get('continuation-token') ?? 0);
  // Without max-buckets S3 returns all buckets at once.
  const end = Math.min(world.buckets, first + Number(query.get('max-buckets') ?? world.buckets));
  const buckets = Array.from({ length: end - first }, (_, offset) => bucketXml(first + offset)).join('');
  const next = end < world.buckets ? `<ContinuationToken>${end}</ContinuationToken>` : '';
  return xml(
    `<ListAllMyBucketsResult ${NAMESPACE}><Owner><ID>owner</ID></Owner><Buckets>${buckets}</Buckets>${next}</ListAllMyBucketsResult>`,
  );
};

const bucketXml = (index: number) =>
  `<Bucket><Name>${bucketName(index)}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate><BucketRegion>eu-west-1</BucketRegion></Bucket>`;

export const bucketName = (index: number): string => `bucket-${String(index).padStart(5, '0')}`;

/** @param id `account/bucket` */
export const versioningStatus = (id: string, { versioning }: State): string | undefined =>
  versioning.get(id) ?? (Number(id.slice(-5)) % 2 === 0 ? 'Enabled' : undefined);

const versioningOf = (id: string, state: State) => {
  const status = versioningStatus(id, state);
  return status === undefined ? '' : `<Status>${status}</Status>`;
};

/** Answers what other tools read of every bucket: nothing is configured. */
const detailOf = (operation: string): Answer => {
  switch (operation) {
    case 'GetBucketLocation':
      return xml(`<LocationConstraint ${NAMESPACE}>eu-west-1</LocationConstraint>`);
    case 'GetBucketAcl':
      return xml(
        `<AccessControlPolicy ${NAMESPACE}><Owner><ID>owner</ID></Owner><AccessControlList/></AccessControlPolicy>`,
      );
    case 'GetBucketLogging':
      return xml(`<BucketLoggingStatus ${NAMESPACE}/>`);
    case 'GetBucketNotification':
      return xml(`<NotificationConfiguration ${NAMESPACE}/>`);
    case 'GetBucketTagging':
      return xmlError(404, 'NoSuchTagSet');
    case 'GetBucketPolicy':
      return xmlError(404, 'NoSuchBucketPolicy');
    case 'GetBucketReplication':
      return xmlError(404, 'ReplicationConfigurationNotFoundError');
    case 'GetBucketWebsite':
      return xmlError(404, 'NoSuchWebsiteConfiguration');
    case 'GetBucketLifecycle':
      return xmlError(404, 'NoSuchLifecycleConfiguration');
    default:
      return xmlError(501, 'NotImplemented');
  }
};
