// `npm run validate`: only the campaign, one experiment after the other, with time for millions of failures.
import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    include: ['test/validation/*.campaign.ts'],
    testTimeout: 1_200_000,
    hookTimeout: 600_000,
    reporters: ['verbose', 'json'],
    outputFile: { json: 'out/validate.json' },
  },
});
// oxlint-disable-next-line import/no-default-export -- vitest reads the default export of its configuration file
export default config;
