import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const examples = fileURLToPath(new URL('../../docs/examples', import.meta.url))

describe('docs/examples', () => {
  it('own-framework: a task source of its own, replayed to the same end', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/own-framework.mjs`])
    expect(stdout).toMatch(/^4 of 4 ticks finished\nreplayed \d+ steps, ending stopped\n$/)
  })

  it('watched: every actor reaches the standard inspector', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/watched.mjs`])
    expect(stdout).toContain('@xstate.actor scheduler "registering"')
    expect(stdout).toContain('@xstate.actor jarServer "idle"')
    expect(stdout).toContain('@xstate.snapshot scheduler framework.closed "stopped"')
  })
})
