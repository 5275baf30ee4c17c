import { Command } from 'commander';

export const ledgerCommand = (): Command =>
  new Command('ledger').description('Describe the ledger of audit events.').addCommand(
    new Command('schema')
      .description('Print the JSON Schema of an audit event: one line of the ledger and of the audit log.')
      .addHelpText('after', '\nExample:\n  $ compliance ledger schema > audit-event.schema.json')
      .action(async () => {
        const { printSchema } = await import('./run.ts');
        printSchema();
      }),
  );
