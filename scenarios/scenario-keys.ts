/** What the schema of a job's scenario knows about its keys. */
import { type KnownKeys, knownKeys } from './known-keys.ts';
import { scenarioJsonSchema } from './schema.ts';

export const scenarioKeys: KnownKeys = knownKeys(scenarioJsonSchema);
