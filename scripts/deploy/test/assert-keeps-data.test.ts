import { describe, expect, test } from 'vitest';

import { assertKeepsData } from '../src/terraform/assert-keeps-data.ts';
import { createRoot } from '../src/terraform/root.ts';

const HOME = { accountId: '999988887777', region: 'eu-west-1' };
const planned = (module: string, ...changes: string[]) => ({ root: createRoot(module, HOME), changes });

describe('a plan of what holds data', () => {
  test.each([
    'aws_s3_bucket.sealed will be destroyed',
    'aws_s3_bucket.ledger must be replaced',
    'aws_dynamodb_table.state must be replaced',
  ])('%s: refused, by name', (line) => {
    const [address = ''] = line.split(' ');
    expect(() => assertKeepsData([planned('master-home', line)])).toThrow(
      `the plan would destroy what holds data: ${address}. Put the setting back`,
    );
  });
  test('the configuration of a bucket may go, and so may buckets of code and answers', () => {
    const plans = [
      planned(
        'master-home',
        'aws_s3_bucket_object_lock_configuration.ledger_lock[0] will be destroyed',
        'aws_s3_bucket.ledger will be updated in-place',
      ),
      planned('master-regional', 'aws_s3_bucket.artifacts must be replaced'),
    ];
    expect(() => assertKeepsData(plans)).not.toThrow();
  });
});
