import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../support/processes/run-program.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const guide = await readFile(join(docs, 'guides/from-mesos-go.md'), 'utf8')
const blocks = [...guide.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code)
let folder: string

// Where the package's own name leads to its build.
beforeAll(async () => void (folder = await mkdtemp(join(docs, '.guide-'))))
afterAll(() => rm(folder, { recursive: true }))

describe('docs/guides/from-mesos-go.md', () => {
  it.each([
    ['a loop over events', 'offer declined\n'],
    ['a framework without one', 'hello TASK_FINISHED\n'],
    ['entries of events', 'mesos.update TASK_RUNNING\n'],
  ])('has %s', async (name, output) => {
    const index = ['a loop over events', 'a framework without one', 'entries of events'].indexOf(
      name,
    )
    const file = join(folder, `block-${index}.mjs`)
    await writeFile(file, blocks[index] ?? '')
    expect(runProgram(process.execPath, [file])).toContain(output)
  })
})
