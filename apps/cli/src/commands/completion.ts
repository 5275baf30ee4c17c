import { join } from 'node:path';

import { Argument, Command } from 'commander';

const MAIN = join(import.meta.dirname, '../main.ts');

/**
 * Creates `completion <shell>`, and the hidden command that its scripts ask for suggestions.
 * @param createProgram all other commands, from which the suggestions derive
 */
export const completionCommands = (createProgram: () => Command): { shown: Command; hidden: Command } => ({
  shown: new Command('completion')
    .description('Print a script that completes commands, options and rules in a shell.')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish', 'powershell']))
    .addHelpText('after', '\nExample:\n  $ source <(compliance completion bash)')
    .action(async (shell: string) => {
      const { default: completion } = await import('@bomb.sh/tab');
      completion.setup('compliance', `'${process.execPath}' '${MAIN}'`, shell);
    }),
  hidden: new Command('complete').argument('[words...]').action(async (words: string[]) => {
    (await completionOf(createProgram())).parse(words);
  }),
});

const completionOf = async (program: Command) => {
  const [{ default: tab }, { commands: rules }] = await Promise.all([
    import('@bomb.sh/tab/commander'),
    import('@compliance/registry'),
  ]);
  const completion = tab(program, { completionCommandName: 'completion' });
  const suggestRules = (complete: (value: string, description: string) => void) => {
    for (const rule of rules) complete(rule, '');
  };
  for (const { options, arguments: positions } of completion.commands.values())
    for (const takesRule of [options.get('rule'), positions.get('rule')])
      if (takesRule) takesRule.handler = suggestRules;
  return completion;
};
