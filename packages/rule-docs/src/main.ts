// Prints the pages of docs/rules as JSON: path → text. `make generate` writes them.
import { join } from 'node:path';

import { ruleDocs } from './rule-docs.ts';

process.stdout.write(JSON.stringify(await ruleDocs(join(import.meta.dirname, '../../..'))));
