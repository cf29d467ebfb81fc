import { describe, expect, it } from 'vitest'
import type { FrameworkFlags } from '../../../src/cli/flags/framework-flags.ts'
import { takeModule } from '../../../src/cli/flags/greedy-options.ts'

const usageError = expect.objectContaining({ code: 'CONFIG_INVALID' })

describe('takeModule', () => {
  it.each(['jar', 'lib', 'archive', 'package', 'bom', 'exclude', 'repository'] as const)(
    'takes the module of tasks back from --%s',
    (list) => {
      const flags: FrameworkFlags = { master: 'local', [list]: ['a', 'tasks.mjs'] }
      expect(takeModule(undefined, flags)).toEqual({
        path: 'tasks.mjs',
        flags: { master: 'local', [list]: ['a'] },
      })
    },
  )

  it('leaves lists unchanged when the module is an argument of its own', () => {
    const flags = { master: 'local', lib: ['a.mjs', 'b.mjs'] }
    expect(takeModule('tasks.mjs', flags)).toEqual({ path: 'tasks.mjs', flags })
  })

  it('takes the module of tasks back from --inspect', () => {
    const flags = { inspect: 'tasks.mjs', jar: ['a.jar'] }
    expect(takeModule(undefined, flags)).toEqual({
      path: 'tasks.mjs',
      flags: { inspect: true, jar: ['a.jar'] },
    })
  })

  it.each([
    { jar: ['a.jar'] },
    { lib: ['helper.mjs'] },
    { jar: ['a.jar', 'x.mjs'], lib: ['b', 'y.mjs'] },
  ])('does not guess: %j', (lists) => {
    expect(() => takeModule(undefined, { master: 'local', ...lists })).toThrow(usageError)
  })
})
