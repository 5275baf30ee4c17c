// Writes the package of a new rule. `make new-rule` runs it, and then `make generate`.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { nearRule, writeNewRule } from './rules/new-rule.ts';

const USAGE = `Usage: make new-rule NAME=EBS_ENCRYPT_BY_DEFAULT [FAMILY=…] [RESOURCE=AWS::EC2::VPC]

  NAME      the rule's command, in UPPER_SNAKE_CASE
  FAMILY    a package of packages/rules-shared to observe with
  RESOURCE  the resource type that is judged; the account, if left out

It writes packages/rules/<name> with three numbered places to fill in, and runs make generate.`;

const INVALID = 2;
const root = join(import.meta.dirname, '..');

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      family: { type: 'string', default: '' },
      resource: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [name = '', ...others] = positionals;
  if (values.help) console.log(USAGE);
  else if (name === '' || others.length > 0) fail(USAGE);
  else {
    const folder = await writeNewRule(root, { name, family: values.family, resource: values.resource });
    // Where a line breaks depends on the name's length.
    execFileSync(join(root, 'node_modules/.bin/oxfmt'), [join(root, folder)]);
    console.log(`${folder} written${nearRule(root, name)}
Fill in 1. and 2. in src/rule.ts and 3. in test/contract.emulator.test.ts, and run make generate.
Its contract: pnpm --filter @compliance/${folder.slice('packages/rules/'.length)} test`);
  }
} catch (error) {
  if (!(error instanceof Error)) throw error;
  fail(error.message);
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = INVALID;
}
