/**
 * Runs benchmarks: npm run bench [-- NAME …] [--json]. Each figure has a peer measured in the same
 * run: ratios differ less between machines. With --json it prints one line per figure: bench, case,
 * value, unit, peer, peerValue, ratio.
 */
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { importTypeScript } from './support/import-typescript.mjs'

const folder = fileURLToPath(new URL('../test/bench/', import.meta.url))
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const known = readdirSync(folder).flatMap((file) => /^(.+)\.bench\.ts$/.exec(file)?.[1] ?? [])
// A name may be the beginning of several benchmarks: `overload` of `overload-journal`.
const named = positionals.map((name) =>
  known.includes(name) ? [name] : known.filter((one) => one.startsWith(`${name}-`)),
)
const unknown = positionals.find((_, index) => named[index].length === 0)
if (unknown !== undefined) {
  console.error(`no benchmark is named ${unknown}; choose from ${known.join(', ')}`)
  process.exit(2)
}

if (!values.json) console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`)
for (const name of positionals.length > 0 ? named.flat() : known) {
  const { figures } = await importTypeScript(`${folder}${name}.bench.ts`)
  const table = new Table({
    head: [name, 'value', 'unit', 'peer', 'peer value', 'ratio'],
    style: { head: [], border: [] },
  })
  for await (const figure of figures()) {
    if (values.json) console.log(JSON.stringify({ bench: name, ...figure }))
    else table.push(rowOf(figure))
  }
  if (!values.json) console.log(table.toString())
}

function rowOf({ case: what, value, unit, peer = '', peerValue, ratio }) {
  return [what, round(value), unit, peer, round(peerValue), round(ratio)]
}

function round(value) {
  return value === undefined ? '' : Number(value.toPrecision(4)).toLocaleString('en')
}
