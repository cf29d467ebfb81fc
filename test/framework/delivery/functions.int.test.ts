import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { waitMs } from '../../support/patience.ts'
import { makeProject, packageFiles } from '../../tracing/project.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** A program of its own: modules of tests are transformed, and are no files. */
const program = `
  import { createFramework } from 'jarcast'
  import { startLocalCluster } from 'jarcast/local'
  import * as one from './one/sums.js'
  import * as other from './other/sums.js'

  const cluster = await startLocalCluster()
  const { url: master, credentials } = cluster
  const framework = createFramework({ master, credentials })
  const said = []
  framework.on('package.warning', ({ message }) => said.push(message))
  framework.on('library.packed', ({ name, files }) => said.push(name + ' ' + files.length))
  const call = (fn, ...args) =>
    framework.run({ work: { kind: 'js', fn, args } }).catch(({ code, message }) => code + ' ' + message)

  // Before the start, at the same time, and again.
  const results = await Promise.all([call(one.add, 1, 2), call(one.add, 3, 4)])
  results.push(await call(other.add, 5, 6), await call(other.default.twice, 7))
  const group = await framework.runGroup([
    { work: { kind: 'js', fn: one.add, args: [8, 9] } },
    { work: { kind: 'shell', command: 'true' } },
  ])
  const absent = await call(other.load, 'absent')
  const closure = await call(one.adder(1), 2)
  const ofMain = await call(function here() {})
  await framework.drain()

  const late = createFramework({ master, credentials })
  await late.start()
  const tooLate = await late
    .run({ work: { kind: 'js', fn: one.add, args: [] } })
    .catch(({ code, message }) => code + ' ' + message)
  await late.stop()
  await cluster.close()
  console.log(JSON.stringify({ results, group, absent, closure, ofMain, tooLate, said }))
`

describe('work of functions', () => {
  it('ships modules when their functions are first used', () => {
    const folder = makeProject({
      'package.json': '{"type":"module"}',
      'main.js': program,
      ...packageFiles('plus', 'module.exports = (one, other) => one + other'),
      'one/sums.js': `import plus from 'plus'
        export const add = (one, other) => plus(one, other)
        export const adder = (one) => (other) => plus(one, other)`,
      'other/sums.js': `export const add = (one, other) => 100 + one + other
        export const load = (name) => import(name)
        export default { twice: (n) => 2 * n }`,
    })
    symlinkSync(root, join(folder, 'node_modules/jarcast'))
    const cache = mkdtempSync(join(tmpdir(), 'jarcast-test-functions-'))
    onTestFinished(() => rmSync(cache, { recursive: true, force: true }))
    const env = { ...process.env, JARCAST_CACHE_DIR: cache }
    const output = execFileSync(process.execPath, ['main.js'], {
      cwd: folder,
      env,
      encoding: 'utf8',
      // Nothing else ends it: the test's own limit waits for it, too.
      timeout: waitMs,
    })
    expect(JSON.parse(output)).toEqual({
      results: [3, 7, 111, 14],
      group: [17, null],
      absent: expect.stringMatching(
        /^TASK_FAILED .*Cannot find package 'absent' .*it did not travel .*\(--lib\)/,
      ),
      closure: expect.stringMatching(/^TASK_INVALID the function .*one\/sums\.js:3\) is no export/),
      ofMain: expect.stringMatching(
        /^TASK_INVALID the function here is in .*main\.js, which this process was started with/,
      ),
      tooLate: expect.stringMatching(/^CONFIG_INVALID .*or by running a function/),
      said: [
        'sums.js.tgz 4',
        '2-sums.js.tgz 2',
        expect.stringMatching(/^other\/sums\.js:2: the import of name is known only when it runs/),
      ],
    })
  })
})
