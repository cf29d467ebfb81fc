import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectControl } from '../../../src/cli/steer/control-client.ts'
import type { KnownRun } from '../../../src/cli/steer/known-run.ts'
import { JarcastError } from '../../../src/errors.ts'
import type { ControlAnswers } from '../../../src/framework/control/control-answers.ts'
import type { RunView, TaskView } from '../../../src/framework/control/run-views.ts'
import { serveControl } from '../../../src/framework/control/serve-control.ts'

let folder = ''
let server: Server
let run: KnownRun | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-control-'))
  server = createServer()
})

afterEach(async () => {
  run?.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true })
})

const task = { state: 'TASK_RUNNING', isOver: false, isFailure: false, attempt: 1 }

function* many(amount: number): Generator<TaskView, void> {
  for (let count = 0; count < amount; count += 1) yield { id: `task-${count}`, ...task }
}

/** A run that answers with these tasks. */
async function connect(tasks: ControlAnswers['tasks']): Promise<KnownRun> {
  const status = { name: 'test', life: 'running', isRegistered: true, asOf: 0, tasks: {} } as const
  const answers: Partial<ControlAnswers> = {
    ready: () => Promise.resolve(),
    status: (): RunView => status,
    tasks,
  }
  serveControl(server, answers as ControlAnswers)
  const path = join(folder, 'control.sock')
  await new Promise<void>((resolve) => server.listen(path, resolve))
  run = await connectControl(path)
  if (run === undefined) throw new Error('no run')
  return run
}

describe('serveControl', () => {
  it('sends many tasks, with no listener left for each part', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    try {
      const known = await connect(() => many(50_000))
      expect(await known.tasks()).toEqual([...many(50_000)])
    } finally {
      process.off('warning', note)
    }
    expect(warnings).toEqual([])
  })

  it('answers with the error that prevents a list', async () => {
    const known = await connect(() => {
      throw new JarcastError('FRAMEWORK_STOPPED', 'it has stopped')
    })
    await expect(known.tasks()).rejects.toMatchObject({ code: 'FRAMEWORK_STOPPED' })
  })

  it('breaks off a list that it cannot complete', async () => {
    const known = await connect(function* () {
      yield* many(5000)
      throw new Error('no more')
    })
    await expect(known.tasks()).rejects.toMatchObject({ code: 'CONTROL_FAILED' })
  })
})
