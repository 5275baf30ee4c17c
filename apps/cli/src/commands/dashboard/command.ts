import { Command } from 'commander';

import { accountId, portNumber } from '../arguments.ts';
import type { DashboardFlags } from './run.ts';

export const dashboardCommand = (): Command =>
  new Command('dashboard')
    .description(
      'Show the dashboard of the organization in a browser, write it as one HTML file, or publish it.',
    )
    .argument('<data>', 'folder with overview.json, or s3://bucket/prefix')
    .option(
      '--ledger [place]',
      "add the events since the snapshot, of a folder or s3://bucket (default: the deployment's, with its sealed hours)",
    )
    .option('--sealed <place>', 'add the events of sealed hours, in a folder or s3://bucket')
    .option(
      '--settings <file>',
      'for added events: the settings (default: ./compliance.yaml, if it is there)',
    )
    .option(
      '--exemptions <file>',
      'for added events: exemptions with their reasons (default: ./exemptions.yaml, if it is there)',
    )
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', portNumber)
    .option('--single-file <file>', 'write one HTML file instead: the page with its data')
    .option('--redact', 'with --single-file, replace names, ids, owners and texts')
    .option(
      '--publish [bucket]',
      "show what would be written to the hosted dashboard, in s3://bucket (default: the deployment's)",
    )
    .option('--apply', 'with --publish, write it')
    .option('--bucket-owner <account>', 'account that must own the bucket that is read', accountId)
    .option('--region <region>', 'Region of the bucket')
    .option('--profile <name>', 'AWS profile that may read or write the bucket')
    .addHelpText(
      'after',
      `
The page is served on 127.0.0.1 alone, with a new secret in its address at each start; end it with Ctrl-C. It asks
nobody else for anything. A single file has all resources of up to 200 accounts; of more, those of the 200 with the most
open findings, and it says so.

Added events are merged as compliance state build does it, for this start alone: at most a million, to a snapshot of the
last seven days. The folder stays as it is.

Examples:
  $ compliance dashboard ./dashboard
  $ compliance dashboard ./dashboard --ledger
  $ compliance dashboard s3://example-compliance-state/dashboard --region eu-west-1
  $ compliance dashboard ./dashboard --single-file board.html --redact
  $ compliance dashboard ./dashboard --publish --apply`,
    )
    .action(async (place: string, flags: DashboardFlags) => {
      const { runDashboard } = await import('./run.ts');
      await runDashboard(place, flags);
    });
