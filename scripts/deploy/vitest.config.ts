import { defineConfig } from 'vitest/config';

// Apart from `make test`: it takes minutes, most of them waits that Terraform's provider makes everywhere.
export default defineConfig({
  test: {
    name: 'infra',
    root: import.meta.dirname,
    include: ['test/**/*.infra.ts'],
    // Each file has an organization of its own and waits most of its time: all run at once, whatever the cores.
    maxWorkers: 5,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
