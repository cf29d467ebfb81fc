/** Measures one benchmark, named by its argument, in a process of its own: sends each figure to the parent. */
import { fileURLToPath } from 'node:url'
import { importTypeScript } from '../support/import-typescript.mjs'

const folder = fileURLToPath(new URL('../../test/bench/', import.meta.url))
const { figures } = await importTypeScript(`${folder}${process.argv[2]}.bench.ts`)
for await (const figure of figures()) process.send(figure)
process.disconnect()
// Whatever a benchmark leaves open does not keep the others waiting.
setTimeout(() => process.exit(), 5000).unref()
