/** Measures one benchmark, named by its argument, in a process of its own: sends each figure to the parent. */
import { importTypeScript } from '../support/import-typescript.mjs'
import { benchmarks } from './benchmarks.mjs'

// What is to be removed at 'exit' is removed when the runner ends it, too.
process.once('SIGTERM', () => process.exit(143))

const { figures } = await importTypeScript(benchmarks.get(process.argv[2]))
for await (const figure of figures()) process.send(figure)
process.disconnect()
// Whatever a benchmark leaves open does not keep the others waiting.
setTimeout(() => process.exit(), 5000).unref()
