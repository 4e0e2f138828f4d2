// `npm run matrix`: only the engines, one after the other, with time for installs and browsers.
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/determinism/*.matrix.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['verbose', 'json'],
    outputFile: { json: 'out/matrix.json' },
  },
});
// oxlint-disable-next-line import/no-default-export -- vitest reads the default export of its configuration file
export default config;
