# Puts the repository's own Node and pnpm first on the PATH of this shell: source scripts/env.sh
root=$(cd "$(dirname "${BASH_SOURCE[0]:-$0}")/.." && pwd)
PATH="$root/node_modules/.bin:$(ls -d "$root"/.tools/pnpm-*/node_modules/.bin | tail -n 1):$PATH"
export PATH
unset root
