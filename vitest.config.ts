// One run of everything under test/. The JSON report feeds .ci/closing-line.mjs; the global set-up builds dist/ once, so
// that tests may start the real command line and worker threads.
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    benchmark: { include: ['test/bench/**/*.bench.ts'] },
    globalSetup: ['test/build.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json'],
    outputFile: { json: 'out/vitest.json' },
    coverage: {
      provider: 'v8',
      include: ['sim/**/*.ts', 'models/**/*.ts', 'scenarios/**/*.ts', 'reports/**/*.ts', 'cli/**/*.ts'],
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
    },
  },
});
// oxlint-disable-next-line import/no-default-export -- vitest reads the default export of its configuration file
export default config;
