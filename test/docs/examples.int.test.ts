import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import { freePorts } from '../support/servers/free-ports.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const examples = fileURLToPath(new URL('../../docs/examples', import.meta.url))

describe('docs/examples', () => {
  it('own-framework: a task source of its own, replayed to the same end', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/own-framework.mjs`])
    expect(stdout).toMatch(/^4 of 4 ticks finished\nreplayed \d+ steps, ending stopped\n$/)
  })

  it('rxjs-only: two tasks without a machine', async () => {
    const { stdout, stderr } = await run(process.execPath, [`${examples}/rxjs-only.mjs`])
    expect(stderr).toBe('')
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('subscribed')
    expect(lines).toContain('hello: TASK_FINISHED')
    expect(lines).toContain('world: TASK_FINISHED')
  })

  it('provided: a component of its own answers inverse offers', async () => {
    const { stdout } = await run(process.execPath, [`${examples}/provided.mjs`])
    expect(stdout).toBe('30 minutes: ACCEPT_INVERSE_OFFERS\n300 minutes: DECLINE_INVERSE_OFFERS\n')
  })

  it('no-mesos: continues after a kill, and its journal is replayed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'jarcast-jobs-'))
    try {
      const first = spawn(process.execPath, [`${examples}/no-mesos.mjs`, folder])
      for await (const line of createInterface(first.stdout)) if (line.startsWith('sum')) break
      first.kill('SIGKILL')
      await once(first, 'close')
      const { stdout } = await run(process.execPath, [`${examples}/no-mesos.mjs`, folder])
      expect(stdout).toContain('bad: job.failed\n')
      expect(stdout).toMatch(/replayed \d+ steps: 4 jobs have ended\n$/)
      const replay = [
        main,
        'replay',
        folder,
        '--machine',
        `${examples}/jobs.mjs`,
        '--why',
        '--verify',
      ]
      const replayed = await run(process.execPath, replay)
      expect(replayed.stdout).toMatch(/job\.failed\b.*\n +✗ exit status 7\n/)
      expect(replayed.stdout).toMatch(/↩ fx\.run \S*: answered by entry \d+, job\.done/)
      expect(replayed.stdout).toMatch(/^state {2}idle, after entry/m)
    } finally {
      await rm(folder, { recursive: true })
    }
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
