// Every error code has a row in docs/errors.md, and every row a code.
import { readFileSync } from 'node:fs'

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const union = /type ErrorCode =([^;]*?)\n\n/.exec(read('src/errors.ts'))?.[1] ?? ''
const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code]) => code)
const rows = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code)

const missing = codes.filter((code) => !rows.includes(code))
const stale = rows.filter((code) => !codes.includes(code))
for (const code of missing) console.error(`docs/errors.md has no row for ${code}`)
for (const code of stale)
  console.error(`docs/errors.md has a row for ${code}, which is not in src/errors.ts`)
process.exit(missing.length + stale.length > 0 ? 1 : 0)
