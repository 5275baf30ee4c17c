import { defineConfig } from 'vitest/config';

/** Stories of one change each. Terraform waits so much in them that a pipeline would take twice as long: INFRA=all runs them. */
const LONG_STORIES = ['test/locks.infra.ts', 'test/whole-policies.infra.ts'];
const leftOut = process.env['INFRA'] === 'all' ? [] : LONG_STORIES;
if (leftOut.length > 0) console.warn(`Left out: ${leftOut.join(', ')}. INFRA=all runs them.`);

// Apart from `make test`: it takes minutes, most of them waits that Terraform's provider makes everywhere.
export default defineConfig({
  test: {
    name: 'infra',
    root: import.meta.dirname,
    include: ['test/**/*.infra.ts'],
    exclude: leftOut,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
