import { AthenaNamedQuery } from '@cdktn/provider-aws/lib/athena-named-query/index.js';
import { AthenaWorkgroup } from '@cdktn/provider-aws/lib/athena-workgroup/index.js';
import { GlueCatalogDatabase } from '@cdktn/provider-aws/lib/glue-catalog-database/index.js';
import {
  GlueCatalogTable,
  type GlueCatalogTableConfig,
} from '@cdktn/provider-aws/lib/glue-catalog-table/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3Object } from '@cdktn/provider-aws/lib/s3-object/index.js';
import { SAVED_QUERIES, glueType, tables, type Column, type Table } from '@compliance/athena';
import type { Settings } from '@compliance/core';
import type { ITerraformDependable, TerraformStack } from 'cdktf';

import type { SealedLedger } from '../functions/keeper.ts';
import { ATHENA, athenaBucket, sealedBucket } from '../names/names.ts';
import { FILE_LISTS, RESULTS } from '../policies/athena-reader.ts';
import { addBucket } from '../terraform/bucket.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, terraformModule } from '../terraform/terraform-module.ts';

type AthenaSettings = NonNullable<SealedLedger['athena']>;

/** Tables and saved queries of Athena over the sealed ledger, in the home Region. Everything here can be made again. */
export const masterAthena = (settings: Settings, athena: AthenaSettings): TerraformStack =>
  terraformModule('master-athena', (stack) => {
    const { masterAccountId, homeRegion } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions: [homeRegion] });
    const bucket = addAnswers(stack, masterAccountId, athena);
    const workgroup = addWorkgroup(stack, { masterAccountId, athena, after: bucket });
    const database = new GlueCatalogDatabase(stack, 'database', {
      name: ATHENA,
      description: 'The sealed compliance ledger, and the newest state.',
    });
    const present = Object.values(tables()).filter(
      ({ name }) => name !== 'verdicts' || athena.verdicts !== undefined,
    );
    for (const table of present) addTable(stack, { table, masterAccountId, database: database.name });
    if (athena.verdicts !== undefined) addFileList(stack, { masterAccountId, athena, after: bucket });
    const names = new Set(present.map(({ name }) => name));
    for (const { name, description, sql } of SAVED_QUERIES.filter((query) =>
      query.tables.every((table) => names.has(table)),
    ))
      new AthenaNamedQuery(stack, name, {
        name,
        description,
        query: sql,
        database: database.name,
        workgroup: workgroup.name,
      });
    addOutput(stack, 'athena_workgroup', ATHENA, 'The workgroup with the saved queries.');
  });

const addAnswers = (stack: TerraformStack, masterAccountId: string, { resultDays }: AthenaSettings) => {
  const name = athenaBucket(masterAccountId);
  // Answers are asked for again, and lists of files are written again.
  const bucket = addBucket(stack, { id: 'answers', name, config: { forceDestroy: true } });
  new S3BucketLifecycleConfiguration(stack, 'answers_expiry', {
    bucket: name,
    rule: [
      {
        id: 'results',
        status: 'Enabled',
        filter: [{ prefix: RESULTS }],
        expiration: [{ days: resultDays }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 1 }],
      },
    ],
    dependsOn: [bucket],
  });
  return bucket;
};

interface InBucket {
  readonly masterAccountId: string;
  readonly athena: AthenaSettings;
  readonly after: ITerraformDependable;
}

const GIGABYTE = 1_000_000_000;

const addWorkgroup = (stack: TerraformStack, { masterAccountId, athena, after }: InBucket) =>
  new AthenaWorkgroup(stack, 'workgroup', {
    name: ATHENA,
    description: 'Queries of the compliance ledger. Its limits hold for everyone.',
    // With its history of queries.
    forceDestroy: true,
    configuration: {
      enforceWorkgroupConfiguration: true,
      publishCloudwatchMetricsEnabled: true,
      bytesScannedCutoffPerQuery: Math.round(athena.maxGigabytesPerQuery * GIGABYTE),
      engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
      resultConfiguration: {
        outputLocation: `s3://${athenaBucket(masterAccountId)}/${RESULTS}`,
        expectedBucketOwner: masterAccountId,
        encryptionConfiguration: { encryptionOption: 'SSE_S3' },
      },
    },
    dependsOn: [after],
  });

const verdictsList = (masterAccountId: string) =>
  `s3://${athenaBucket(masterAccountId)}/${FILE_LISTS}verdicts/`;

/**
 * Names the one file of the state's table. The folder of that file has the data of the dashboard as well, and a table has
 * all files of its folder.
 */
const addFileList = (stack: TerraformStack, { masterAccountId, athena: { verdicts }, after }: InBucket) => {
  new S3Object(stack, 'verdicts_list', {
    bucket: athenaBucket(masterAccountId),
    key: `${FILE_LISTS}verdicts/files.txt`,
    content: `${verdicts}\n`,
    contentType: 'text/plain',
    dependsOn: [after],
  });
};

const addTable = (
  stack: TerraformStack,
  {
    table,
    masterAccountId,
    database,
  }: { readonly table: Table; readonly masterAccountId: string; readonly database: string },
) => {
  const { name, description, columns, partitions, format } = table;
  const sealed = `s3://${sealedBucket(masterAccountId)}/`;
  new GlueCatalogTable(stack, name, {
    name,
    databaseName: database,
    description,
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: partitions.map((partition) => ({ name: partition.name, type: 'string' })),
    ...(format === 'parquet'
      ? {
          parameters: { EXTERNAL: 'TRUE', classification: 'parquet' },
          storageDescriptor: { ...OF_FILE_LIST, ...placeOf(columns, verdictsList(masterAccountId)) },
        }
      : {
          parameters: {
            EXTERNAL: 'TRUE',
            classification: 'json',
            compressionType: 'gzip',
            ...projectionOf(table, sealed),
          },
          storageDescriptor: { ...OF_JSON_LINES, ...placeOf(columns, sealed) },
        }),
  });
};

const placeOf = (columns: readonly Column[], location: string) => ({
  location,
  columns: columns.map(({ name, type }) => ({ name: name.toLowerCase(), type: glueType(type) })),
});

/** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html */
const projectionOf = ({ partitions, template }: Table, bucket: string): Record<string, string> => ({
  'projection.enabled': 'true',
  ...Object.fromEntries(
    partitions.flatMap(({ name, projection }) =>
      Object.entries(projection).map(([key, value]) => [`projection.${name}.${key}`, value]),
    ),
  ),
  // Athena's expressions, which Terraform must leave alone.
  'storage.location.template': `${bucket}${template}`.replaceAll('${', '$$$${'),
});

type Storage = NonNullable<GlueCatalogTableConfig['storageDescriptor']>;

/** Members in any case find their column. @see https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html */
const OF_JSON_LINES: Storage = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  compressed: true,
  serDeInfo: {
    serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
    parameters: { 'case.insensitive': 'TRUE' },
  },
};

/** The folder has a list of files, as of an S3 inventory. @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html */
const OF_FILE_LIST: Storage = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serDeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};
