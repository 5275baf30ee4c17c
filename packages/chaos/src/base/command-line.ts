import { parseArgs } from 'node:util';

import * as z from 'zod';

/** Options that are whole numbers above 0. */
export const whole = z.coerce.number().int().min(1).max(1e9);

/** Reads the options of a command. Prints the help, or what is wrong with an option, and returns the exit code instead. */
export const readCommandLine = <Shape extends z.ZodRawShape>(
  Options: z.ZodObject<Shape>,
  help: string,
): z.output<z.ZodObject<Shape>> | number => {
  try {
    const names = Object.keys(Options.shape);
    const { values } = parseArgs({
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values['help'] === true) {
      process.stdout.write(help);
      return 0;
    }
    return Options.parse(values);
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    process.stderr.write(`${reason}\nSee --help.\n`);
    return 2;
  }
};
