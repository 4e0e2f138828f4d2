/** `npm run docs`: writes docs/cli.md. A test fails when the committed page is not what this writes. */
import { join } from 'node:path';
import { cliDocumentation } from './documentation.ts';
import { createPending, fillPending } from './files.ts';
import { packageRoot } from './home.ts';

fillPending(createPending(join(packageRoot(), 'docs', 'cli.md')), await cliDocumentation());
