import type { FunctionKey } from '../names/names.ts';

interface FunctionSettings {
  readonly description: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** How each function runs, in every Region. */
export const FUNCTION_SETTINGS = {
  rule: {
    description: 'Evaluates the resources that AWS Config asks about, for every compliance rule.',
    handler: 'index.handler',
    // Lambda's maximum, because a sweep lists every resource of a type.
    timeoutSeconds: 900,
    memoryMegabytes: 256,
  },
  remediation: {
    description: 'Plans and applies the fixes of compliance rules, according to the settings.',
    handler: 'index.handler',
    // Less than the 300 seconds that SSM waits for a function, so that it answers in time.
    timeoutSeconds: 290,
    memoryMegabytes: 256,
  },
} as const satisfies Record<FunctionKey, FunctionSettings>;
