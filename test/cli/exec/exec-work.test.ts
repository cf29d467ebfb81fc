import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ExecFlags } from '../../../src/cli/exec/exec-work.ts'
import { toExecWork } from '../../../src/cli/exec/exec-work.ts'

const usageError = expect.objectContaining({ code: 'CONFIG_INVALID' })

describe('toExecWork', () => {
  it('loads a class', () => {
    expect(toExecWork({ loadClass: 'a.B' }, [])).toEqual({
      work: { kind: 'load-class', className: 'a.B' },
      libraries: [],
    })
  })

  it('hands every word after the main class to Java', () => {
    expect(toExecWork({ java: true }, ['a.B', '--js', 'x.js', '-1']).work).toEqual({
      kind: 'java',
      mainClass: 'a.B',
      args: ['--js', 'x.js', '-1'],
    })
  })

  it('says how the JVM is shared', () => {
    const flags: ExecFlags = { java: true, isolation: 'child-first', parentFirst: ['org.slf4j.'] }
    expect(toExecWork(flags, ['a.B']).work).toEqual({
      kind: 'java',
      mainClass: 'a.B',
      args: [],
      isolation: 'child-first',
      parentFirst: ['org.slf4j.'],
    })
    expect(() => toExecWork({ js: true, isolation: 'child-first' }, ['x#f'])).toThrow(usageError)
    expect(() => toExecWork({ isolation: 'shared' }, ['true'])).toThrow(usageError)
    expect(toExecWork({ js: true, isolation: 'shared' }, ['x#f']).work).toMatchObject({
      kind: 'js',
      isolation: 'shared',
    })
  })

  it('reads arguments of a function as JSON where they are', () => {
    expect(
      toExecWork({ js: true }, ['some-package#add', '1', '{"a":[null]}', 'two', '']).work,
    ).toEqual({
      kind: 'js',
      module: 'some-package',
      export: 'add',
      args: [1, { a: [null] }, 'two', ''],
    })
  })

  it('ships the module of a function when it is a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'jarcast-test-'))
    try {
      const path = join(folder, 'sums.mjs')
      writeFileSync(path, '')
      expect(toExecWork({ js: true }, [`${path}#add`])).toEqual({
        work: { kind: 'js', module: 'sums.mjs', export: 'add', args: [] },
        libraries: [{ path, kind: 'file' }],
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('joins words to one shell command', () => {
    expect(toExecWork({}, ['echo', '$JARCAST_CLASSPATH']).work).toEqual({
      kind: 'shell',
      command: 'echo $JARCAST_CLASSPATH',
    })
  })

  it('refuses more or less than one piece of work', () => {
    expect(() => toExecWork({}, [])).toThrow(usageError)
    expect(() => toExecWork({ loadClass: 'a.B', java: true }, ['c.D'])).toThrow(usageError)
    expect(() => toExecWork({ java: true, js: true }, ['c.D'])).toThrow(usageError)
    expect(() => toExecWork({ loadClass: 'a.B' }, ['more'])).toThrow(usageError)
  })

  it('refuses functions and classes without names', () => {
    expect(() => toExecWork({ java: true }, [])).toThrow(usageError)
    for (const target of ['', 'x.mjs', '#add', 'x.mjs#']) {
      expect(() => toExecWork({ js: true }, [target])).toThrow(usageError)
    }
  })
})
