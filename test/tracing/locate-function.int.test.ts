import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeProject } from './project.ts'

/** As it is built: tests are transformed modules, which are no files. */
const built = fileURLToPath(new URL('../../dist/tracing/locate-function.js', import.meta.url))

/** Calls `locateFunction` on an expression in a program of its own, which imports `sums`. */
function locator(files: Readonly<Record<string, string>>) {
  const folder = makeProject({ 'package.json': '{"type":"module"}', ...files })
  return {
    folder,
    locate(expression: string): unknown {
      const main = join(makeProject({}), 'main.mjs')
      const script = `import { locateFunction } from ${JSON.stringify(built)}
        import * as sums from ${JSON.stringify(join(folder, 'sums.js'))}
        import legacy from ${JSON.stringify(join(folder, 'legacy.cjs'))}
        const found = await locateFunction(${expression}).catch(({ code, message }) => ({ code, message }))
        console.log(JSON.stringify(found))`
      const args = ['--input-type=module', '-e', script, main]
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
    },
  }
}

describe('locateFunction', () => {
  it('finds exports of modules, and nothing that is none', () => {
    const { folder, locate } = locator({
      'sums.js': `export function add(a, b) { return a + b }
        const inner = () => 1
        export { inner as outer }
        export const make = () => () => 2
        export default class { static twice(n) { return 2 * n } }
        const hidden = () => 3
        export const list = [hidden]`,
      'legacy.cjs': 'exports.old = function () {}',
    })
    const sums = join(folder, 'sums.js')
    expect(locate('sums.add')).toEqual({ module: sums, export: 'add' })
    expect(locate('sums.outer')).toEqual({ module: sums, export: 'outer' })
    expect(locate('legacy.old')).toEqual({ module: join(folder, 'legacy.cjs'), export: 'old' })
    expect(locate('sums.default.twice')).toEqual({ module: sums, export: 'twice' })
    const refused = (message: RegExp) => ({
      code: 'TASK_INVALID',
      message: expect.stringMatching(message) as string,
    })
    expect(locate('sums.make()')).toEqual(refused(/sums\.js:4\) is no export .*; export it/))
    expect(locate('sums.list[0]')).toEqual(
      refused(/the function hidden .*sums\.js:6\) is no export/),
    )
    expect(locate('sums.add.bind(null)')).toEqual(refused(/bound add has no source/))
    expect(locate('Math.max')).toEqual(refused(/the function max has no source/))
    expect(locate("new Function('return 1')")).toEqual(refused(/is of no module \(eval\)/))
  })
})
