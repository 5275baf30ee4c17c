import { Command } from 'commander';

import { portNumber } from '../arguments.ts';
import type { DashboardFlags } from './run.ts';

export const dashboardCommand = (): Command =>
  new Command('dashboard')
    .description('Show the dashboard of the organization in a browser, or write it as one HTML file.')
    .argument('<data>', 'folder with overview.json, or s3://bucket/prefix')
    .option('--port <n>', 'port on 127.0.0.1 (default: a free one)', portNumber)
    .option('--single-file <file>', 'write one HTML file instead: the page with its data')
    .option('--redact', 'with --single-file, replace names, ids, owners and texts')
    .option('--region <region>', 'Region of the bucket')
    .option('--profile <name>', 'AWS profile that may read the bucket')
    .addHelpText(
      'after',
      `
The page is served on 127.0.0.1 alone, with a new secret in its address at each start; end it with Ctrl-C. It asks
nobody else for anything. A single file has all resources of up to 200 accounts; of more, those of the 200 with the most
open findings, and it says so.

Examples:
  $ compliance dashboard ./dashboard
  $ compliance dashboard s3://example-compliance-state/dashboard --region eu-west-1
  $ compliance dashboard ./dashboard --single-file board.html --redact`,
    )
    .action(async (place: string, flags: DashboardFlags) => {
      const { runDashboard } = await import('./run.ts');
      await runDashboard(place, flags);
    });
