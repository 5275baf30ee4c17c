import { Command, Option } from 'commander';

interface JsonFlag {
  readonly json?: true;
}

interface ShowFlags extends JsonFlag {
  readonly level?: '1' | '2';
  readonly scan?: string;
}

export const frameworksCommand = (): Command =>
  new Command('frameworks')
    .description('List frameworks, and show which of their requirements the rules cover.')
    .addCommand(listCommand())
    .addCommand(showCommand());

const listCommand = () =>
  new Command('list')
    .description('List all frameworks: requirements, how many have a rule, how many have a fix.')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ compliance frameworks list')
    .action(async ({ json }: JsonFlag) => {
      const { listFrameworks } = await import('./run.ts');
      process.stdout.write(await listFrameworks({ json: json ?? false }));
    });

const showCommand = () =>
  new Command('show')
    .description('Show each requirement of a framework: its rules, what they detect and whether they fix it.')
    .argument('<framework>', 'id from `compliance frameworks list`')
    .addOption(new Option('--level <level>', 'show only requirements of this level').choices(['1', '2']))
    .option('--scan <file>', 'show the state of each by the findings of `compliance scan --json`')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Assessment is what the framework itself says; the other columns follow from the rules.
Detection: full - nothing remains for a person; partial - the text says what remains; human - only a person can judge
it; no rule yet. Fix: yes, if all rules of the requirement have one; partial, if some do. A level '-' is disputed:
such a requirement is shown without --level only.
Frameworks other than CIS are shown by the checks that Prowler maps to their requirements: how many of them a rule makes.
State, with --scan, is the worst of its rules: non-compliant; unknown - a rule judged nothing, or not everything;
partial - the rules found nothing, and a person judges the rest; compliant; not-applicable; manual - no rule judges it.

Examples:
  $ compliance frameworks show cis-7.0 --level 1
  $ compliance scan --framework cis-7.0 --json > findings.json && compliance frameworks show cis-7.0 --scan findings.json`,
    )
    .action(async (framework: string, { level, scan, json }: ShowFlags) => {
      const { showFramework } = await import('./run.ts');
      const options = { json: json ?? false, ...(level !== undefined && { level: LEVELS[level] }), scan };
      process.stdout.write(await showFramework(framework, options));
    });

const LEVELS = { '1': 1, '2': 2 } as const;
