import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeModuleFault, missingModule } from '../../../src/cli/run/module-fault.ts'

const folder = mkdtempSync(join(tmpdir(), 'jarcast module '))
afterAll(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

describe('describeModuleFault', () => {
  it('names the line of an error of syntax', () => {
    const file = write('bad.mjs', 'export const a = 1\n\nexport function b( { return 1 }\n')
    expect(describeModuleFault(file, new SyntaxError('odd'))).toBe(`SyntaxError: odd (${file}:3)`)
  })

  it('names the module that is imported and the line there', () => {
    const bad = write('inner.mjs', '\n}')
    const file = write('outer.mjs', "import './inner.mjs'\n")
    expect(describeModuleFault(file, new SyntaxError('odd'))).toContain(`(${bad}:2)`)
  })

  it('names where in a module an error was thrown', () => {
    const error = new Error('boom')
    error.stack = 'Error: boom\n    at node:internal/x:1:2\n    at f (file:///jobs/a%20b.mjs:3:7)\n'
    expect(describeModuleFault('/jobs/a b.mjs', error)).toBe('boom (/jobs/a b.mjs:3:7)')
  })

  it.each([null, 'text', undefined, 7])(
    'describes a thrown value that is no error: %j',
    (thrown) => {
      expect(describeModuleFault('/jobs/a.mjs', thrown)).toBe(`it threw ${thrown}`)
    },
  )
})

describe('missingModule', () => {
  it('distinguishes a missing file from something that is no file', () => {
    expect(missingModule(join(folder, 'none.mjs'))).toContain('does not exist')
    expect(missingModule(folder)).toContain('no file')
    expect(missingModule(write('ok.mjs', ''))).toBeUndefined()
  })
})
