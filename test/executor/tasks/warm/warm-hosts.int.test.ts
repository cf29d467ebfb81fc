import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeFrame } from '../../../../src/executor/tasks/warm/frames.ts'
import type { WarmTask } from '../../../../src/executor/tasks/warm/warm-job.ts'
import { WarmHosts } from '../../../../src/executor/tasks/warm/warm-hosts.ts'
import type { WarmCommand } from '../../../../src/executor/tasks/warm/warm-hosts.ts'

/** Longer than a task waits for a running host. */
const startMs = 500

/** A host whose tasks end at once: a request is the marker alone. */
const program = `
const { writeSync } = require('node:fs')
const channel = new (require('node:net').Socket)({ fd: 4 })
const reply = () => channel.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0]))
channel.on('end', () => process.exit()).on('data', (request) => {
  for (const output of [1, 2]) writeSync(output, request.subarray(4))
  reply()
})
setTimeout(reply, ${startMs})`

const task: WarmTask = {
  encode: encodeFrame,
  maxReplyBytes: 100,
  readReply: (reason) => ({ reason }),
  judge: () => ({ ok: true, message: '', report: { version: 1 } }),
}

let sandbox: string
let hosts: WarmHosts
let started: number

beforeEach(() => {
  sandbox = mkdtempSync(join(tmpdir(), 'jarcast-warm-'))
  hosts = new WarmHosts(sandbox)
  started = 0
})
afterEach(() => {
  hosts.stop()
  rmSync(sandbox, { recursive: true })
})

const command: WarmCommand = {
  noun: 'host',
  key: 'host',
  prepare() {
    started += 1
    return Promise.resolve([process.execPath, '-e', program])
  },
  env: {},
}

function runBurst(count: number) {
  const names = Array.from({ length: count }, (_, index) => `t${index}`)
  return names.map((taskId) => {
    return hosts.start(command, task, { taskId, sandbox, onStarted: () => undefined }).ended
  })
}

describe('warm hosts', () => {
  it('are no more than cores for short tasks, also if the executor is slow to see them end', async () => {
    const count = 4 * availableParallelism()
    expect(await Promise.all(runBurst(count))).toHaveLength(count)
    const before = started
    expect(before).toBeLessThanOrEqual(availableParallelism())
    await sleep(2 * startMs)
    // What follows ends just before Node.js looks for timers that are due, and then for replies.
    await setImmediate()
    const burst = runBurst(count)
    const blockedUntil = performance.now() + startMs / 4
    while (performance.now() < blockedUntil);
    await Promise.all(burst)
    expect(started).toBe(before)
  })
})
