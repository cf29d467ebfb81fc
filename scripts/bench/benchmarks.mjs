/** The benchmarks: each is a file in test/bench whose name ends in .bench.ts, in the folder of its part. */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inOrder } from './page/goals.mjs'

const folder = fileURLToPath(new URL('../../test/bench/', import.meta.url))
const ending = '.bench.ts'

/** Path by name, in the order of the page. */
export const benchmarks = new Map(
  inOrder(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith(ending))
      .toSorted()
      .map((file) => ({ bench: basename(file, ending), path: join(folder, file) })),
  ).map(({ bench, path }) => [bench, path]),
)

/** The comment at the head of a benchmark: its text on the page. */
export function aboutOf(name) {
  const text = readFileSync(benchmarks.get(name), 'utf8')
  const [, comment = ''] = /^\/\*\*([\s\S]*?)\*\//.exec(text) ?? []
  return comment.replace(/\s*\n?\s*\*?\s+/g, ' ').trim()
}
