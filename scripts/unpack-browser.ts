// Unpacks the Chromium of @sparticuz/chromium: node scripts/unpack-browser.ts ARCHIVE SHA512 FOLDER
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';

const [archive = '', sha512 = '', folder = ''] = process.argv.slice(2);
const found = createHash('sha512').update(readFileSync(archive)).digest('base64');
if (found !== sha512) throw new Error(`${archive} has the hash ${found}, not ${sha512}: not unpacked.`);

const target = resolve(folder);
mkdirSync(target, { recursive: true });
execFileSync('tar', ['-xzf', archive, '-C', target, '--strip-components=1', 'package/bin']);
const unbrotli = (name: string) => brotliDecompressSync(readFileSync(join(target, 'bin', name)));
writeFileSync(join(target, 'headless'), unbrotli('chromium.br'), { mode: 0o755 });
for (const name of ['al2023.tar.br', 'swiftshader.tar.br', 'fonts.tar.br'])
  execFileSync('tar', ['-x', '-C', target], { input: unbrotli(name) });

// It brings the libraries that a bare machine lacks; those of the machine come first.
const start = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib"
exec "$here/headless" "$@"
`;
writeFileSync(join(target, 'chromium'), start, { mode: 0o755 });
