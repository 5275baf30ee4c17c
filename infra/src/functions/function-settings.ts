import type { FunctionKey } from '../names/names.ts';

interface FunctionSettings {
  readonly description: string;
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** How each function runs, the same wherever it is deployed. */
export const FUNCTION_SETTINGS = {
  rule: {
    description: 'Judges the resources that AWS Config asks about, for every compliance rule.',
    handler: 'index.handler',
    // A sweep lists every resource of a type: as long as Lambda lets it.
    timeoutSeconds: 900,
    memoryMegabytes: 256,
  },
  remediation: {
    description: 'Plans and applies the fixes of compliance rules, as the settings say.',
    handler: 'index.handler',
    // Less than the 300 seconds that SSM waits for a function: it must answer before.
    timeoutSeconds: 290,
    memoryMegabytes: 256,
  },
} as const satisfies Record<FunctionKey, FunctionSettings>;
