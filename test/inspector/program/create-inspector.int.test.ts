/** The built package in a process of its own. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

describe('createInspector', () => {
  it.each(['{}', "{ url: 'ws://127.0.0.1:1' }", "{ url: 'ws://192.0.2.1:1' }"])(
    'keeps no process alive with %s',
    async (options) => {
      const code = `
        import { createActor, createMachine } from 'xstate'
        import { createInspector } from './dist/exports/inspector.js'
        const inspector = createInspector(${options})
        createActor(createMachine({ id: 'm' }), { inspect: inspector.inspect }).start()
        console.log((await inspector.ready).url)`
      const args = ['--input-type=module', '-e', code]
      const ended = promisify(execFile)(process.execPath, args, { cwd: root, timeout: 4000 })
      expect((await ended).stdout).toMatch(/^http:/)
    },
  )
})
