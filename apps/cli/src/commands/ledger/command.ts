import { Command } from 'commander';

import { fingerprint, hour, wholeDays } from '../arguments.ts';
import { addLedgerOption, addMasterOptions } from '../master-options.ts';
import type { CountFlags } from './count.ts';
import type { ShowFlags } from './show.ts';
import type { VerifyFlags } from './verify.ts';

export const ledgerCommand = (): Command => {
  const ledger = new Command('ledger').description('Read and verify the ledger of audit events.');
  ledger
    .command('schema')
    .description('Print the JSON Schema of an audit event: one line of the ledger and of the audit log.')
    .addHelpText('after', '\nExample:\n  $ compliance ledger schema > audit-event.schema.json')
    .action(async () => {
      const { printSchema } = await import('./schema.ts');
      printSchema();
    });
  addMasterOptions(addLedgerOption(ledger.command('show')))
    .description(
      'Tell the story of a change, a plan or a resource: found, planned, approved, applied, undone.',
    )
    .argument('<id>', 'id of a change or a plan, or the ARN of a resource')
    .option('--days <n>', 'read the last n days', wholeDays, 90)
    .addHelpText('after', '\nExample:\n  $ compliance ledger show arn:aws:s3:::application-logs --days 30')
    .action(async (id: string, flags: ShowFlags) => {
      const { showStories } = await import('./show.ts');
      await showStories(id, flags);
    });
  addMasterOptions(addLedgerOption(ledger.command('count')))
    .description('Count the newest verdicts by account and rule.')
    .option('--days <n>', 'read the last n days', wholeDays, 90)
    .addHelpText('after', '\nExample:\n  $ compliance ledger count --ledger ./copy-of-the-ledger --json')
    .action(async (flags: CountFlags) => {
      const { countByAccountAndRule } = await import('./count.ts');
      await countByAccountAndRule(flags);
    });
  addMasterOptions(ledger.command('verify'))
    .description('Verify the sealed hours of the ledger, and name the first thing that is broken.')
    .option('--from <hour>', 'from this hour on, such as 2026-11-29T14 (default: from the beginning)', hour)
    .option('--to <hour>', 'until this hour; until then, all must be sealed (default: an hour ago)', hour)
    .option(
      '--key-fingerprint <sha256>',
      'SHA-256 of the public key, from elsewhere (default: ledger.keyFingerprint of ./compliance.yaml)',
      fingerprint,
    )
    .option('--sealed <place>', "folder, or s3://bucket, of the sealed hours (default: the deployment's)")
    .option('--copies <place>', 'folder, or s3://bucket, with copies of the heads: compare with them')
    .addHelpText('after', '\nExample:\n  $ compliance ledger verify --from 2026-11-01T00 --to 2026-12-01T00')
    .action(async (flags: VerifyFlags) => {
      const { verifyLedger } = await import('./verify.ts');
      await verifyLedger(flags);
    });
  return ledger;
};
