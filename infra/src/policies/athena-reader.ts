import type { Grant, Settings } from '@compliance/core';

import { sealedLedger } from '../functions/keeper.ts';
import type { Home } from '../functions/function-environment.ts';
import { ATHENA, ATHENA_READER, athenaBucket, sealedBucket } from '../names/names.ts';
import { splitPolicy, type NamedPolicy } from './split-policy.ts';

/** Where the list of files of a table is, below the bucket of the answers. */
export const FILE_LISTS = 'tables/';
export const RESULTS = 'results/';

/**
 * The policies of people who ask by Athena: in the one workgroup, of the one database. They read sealed events and the
 * file of the state, and write answers; manifests, heads and keys they need not read.
 * @see https://docs.aws.amazon.com/athena/latest/ug/example-policies-workgroup.html
 */
export const athenaReaderPolicies = (
  { partition, masterAccountId, homeRegion }: Home,
  settings: Pick<Settings, 'ledger'>,
): readonly NamedPolicy[] => {
  const athena = sealedLedger(settings)?.athena;
  if (!athena) return [];
  const at = (service: string, name: string) =>
    `arn:${partition}:${service}:${homeRegion}:${masterAccountId}:${name}`;
  const bucket = (name: string) => `arn:${partition}:s3:::${name}`;
  const [sealed, answers] = [sealedBucket(masterAccountId), athenaBucket(masterAccountId)].map(bucket);
  return splitPolicy(ATHENA_READER, [
    ...on([at('athena', `workgroup/${ATHENA}`)], ...ON_WORKGROUP),
    // The console lists them; they are on no resource.
    'athena:ListWorkGroups',
    ...on([at('athena', 'datacatalog/AwsDataCatalog')], ...ON_CATALOG),
    ...on(
      [at('glue', 'catalog'), at('glue', `database/${ATHENA}`), at('glue', `table/${ATHENA}/*`)],
      'glue:GetDatabase',
      'glue:GetDatabases',
      'glue:GetTable',
      'glue:GetTables',
    ),
    ...on([`${sealed}/class=*`, `${answers}/${FILE_LISTS}*`, `${answers}/${RESULTS}*`], 's3:GetObject'),
    ...(athena.verdicts === undefined
      ? []
      : on([bucket(athena.verdicts.slice('s3://'.length))], 's3:GetObject')),
    ...on([`${sealed}`, `${answers}`], 's3:GetBucketLocation', 's3:ListBucket'),
    ...on(
      [`${answers}/${RESULTS}*`],
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
      's3:PutObject',
    ),
  ]);
};

const ON_WORKGROUP = [
  'athena:BatchGetNamedQuery',
  'athena:BatchGetQueryExecution',
  'athena:GetNamedQuery',
  'athena:GetQueryExecution',
  'athena:GetQueryResults',
  'athena:GetQueryResultsStream',
  'athena:GetWorkGroup',
  'athena:ListNamedQueries',
  'athena:ListQueryExecutions',
  'athena:StartQueryExecution',
  'athena:StopQueryExecution',
];

const ON_CATALOG = [
  'athena:GetDatabase',
  'athena:GetTableMetadata',
  'athena:ListDatabases',
  'athena:ListTableMetadata',
];

const on = (resource: readonly string[], ...actions: readonly string[]): readonly Grant[] =>
  actions.map((action) => ({ action, resource }));
