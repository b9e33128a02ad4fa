import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    tags: [
      { name: 'long', description: 'takes long and proves little beyond its siblings: npm run test:long' },
    ],
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Each file starts an engine process of its own; two at a time is what two cores carry.
          maxWorkers: 2,
        },
      },
    ],
  },
});
