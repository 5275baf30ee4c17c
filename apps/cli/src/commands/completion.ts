import { Argument, Command } from 'commander';

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
      const program = `${quoted(process.execPath)} ${quoted(process.argv[1] ?? '')}`;
      if (shell === 'bash') {
        process.stdout.write(bashScript(program));
        return;
      }
      const { default: completion } = await import('@bomb.sh/tab');
      completion.setup('compliance', program, shell);
    }),
  hidden: new Command('complete').argument('[words...]').action(async (words: string[]) => {
    (await completionOf(createProgram())).parse(words);
  }),
});

/** For every shell but PowerShell, where such a path is rare. */
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/**
 * The library's script for bash needs the package bash-completion, and evaluates the words before they are run: a Tab
 * behind `$(…)` would run it. bash breaks `--rule=X` into three words, of which `=` is left out.
 */
const bashScript = (program: string): string => `# bash completion for compliance

__compliance_complete() {
  local word suggestion
  local words=()
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    [[ $word == "=" ]] || words+=("$word")
  done
  if [[ \${COMP_WORDS[COMP_CWORD]} == "=" ]]; then words+=(""); fi
  while IFS=$'\\t' read -r suggestion _; do
    [[ -z $suggestion || $suggestion == :* ]] || COMPREPLY+=("$suggestion")
  done < <(${program} complete -- "\${words[@]}" 2>/dev/null)
}

complete -o default -F __compliance_complete compliance
`;

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
