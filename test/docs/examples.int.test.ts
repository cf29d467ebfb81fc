import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import { freePorts } from '../support/servers/zookeeper.ts'

const run = promisify(execFile)
const examples = fileURLToPath(new URL('../../docs/examples', import.meta.url))

describe('docs/examples', () => {
  it('own-framework: a task source of its own, replayed to the same end', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/own-framework.mjs`])
    expect(stdout).toMatch(/^4 of 4 ticks finished\nreplayed \d+ steps, ending stopped\n$/)
  })

  it('streams: state, facts, progress and tasks, to their ends', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/streams.mjs`])
    expect(stdout).toMatch(/^state: running, not registered, 0 of 0 tasks wait\n/)
    for (const line of [
      'state: stopped, not registered, 0 of 0 tasks wait',
      'good: task.launched',
      'good: TASK_FINISHED',
      'good: complete',
      'bad: TASK_FAILED, status 7',
    ])
      expect(stdout.split('\n')).toContain(line)
    // An earlier run may have left it in the host's cache.
    expect(stdout).toMatch(/^progress: streams\.mjs from (server|cache)$/m)
    expect(stdout).toMatch(/stored \d+ facts, from framework.registered to framework.stopped\n$/)
  })

  it('watched: every actor reaches the standard inspector', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/watched.mjs`])
    expect(stdout).toContain('@xstate.actor scheduler {"active":"running"}')
    expect(stdout).toContain('@xstate.actor delivery "noLibraries"')
    expect(stdout).toContain('@xstate.snapshot scheduler delivery.closed "stopped"')
  })

  it('watched: ends with a message where no viewer answers', async () => {
    const cluster = await startLocalCluster({ open: true })
    const [port] = await freePorts(1)
    const viewer = `ws://127.0.0.1:${port}`
    try {
      const watched = run(process.execPath, [`${examples}/watched.mjs`, cluster.url, viewer])
      await expect(watched).rejects.toMatchObject({
        code: 1,
        stderr: `nobody watched: no viewer answers at ${viewer}\n`,
      })
    } finally {
      await cluster.close()
    }
  })
})
