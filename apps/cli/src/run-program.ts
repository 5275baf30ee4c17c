import { CommanderError, type Command } from 'commander';
import { inspect } from 'node:util';

import { EXIT, UsageError } from './output/exit-codes.ts';
import { guardOutput, writeStyled } from './output/terminal.ts';

/** Runs a command; an error becomes one line on standard error and an exit code. */
export const runProgram = async (program: Command, argv: readonly string[]): Promise<void> => {
  for (const command of withDescendants(program)) command.exitOverride();
  for (const stream of [process.stdout, process.stderr]) guardOutput(stream);
  handleInterrupts();
  let ran = program;
  program.hook('preAction', (_, command) => void (ran = command));
  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = await exitCodeOf(error);
    if (error instanceof CommanderError) return; // Commander has printed it.
    const debug = program.opts()['debug'] === true;
    process.stderr.write(`error: ${debug ? inspect(error) : joinLines(await messageOf(error, ran))}\n`);
  }
};

const withDescendants = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(withDescendants),
];

// Clear the progress line, then let the signal end the process: the shell sees an interrupted program.
const handleInterrupts = () => {
  process.once('SIGINT', () => {
    if (process.stderr.isTTY) writeStyled(process.stderr, '\r\u001b[K');
    process.kill(process.pid, 'SIGINT');
  });
  // `compliance … | head` closes the pipe early, which is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
};

const exitCodeOf = async (error: unknown): Promise<number> => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof UsageError) return EXIT.usage;
  const { errorCode } = await import('@compliance/core/scan');
  return isInvalidInput(errorCode(error)) ? EXIT.usage : EXIT.aws;
};

const isInvalidInput = (code: string): boolean =>
  code.startsWith('malformed-') ||
  [
    'foreign-account',
    'inconsistent-account',
    'unknown-command',
    'wrong-resource-type',
    'StateError',
  ].includes(code);

const messageOf = async (error: unknown, ran: Command): Promise<string> => {
  if (error instanceof UsageError) return error.message;
  const { accessFailure, errorCode, explain } = await import('@compliance/core/scan');
  // It speaks of a file, and says what to do.
  if (error instanceof Error && errorCode(error) === 'StateError') return error.message;
  const flags = ran.opts<{ readonly profile?: string }>();
  const attempt = {
    endpoint: process.env['AWS_ENDPOINT_URL'],
    profile: flags.profile ?? process.env['AWS_PROFILE'],
  };
  return accessFailure(error, attempt) ?? explain(error);
};

/** The message has lines of its own, and is not a name that must stay what it is. */
const joinLines = (text: string) => text.replaceAll(/\s*\n\s*/g, ' ').trim();
