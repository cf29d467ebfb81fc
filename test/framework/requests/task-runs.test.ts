import { describe, expect, it } from 'vitest'
import type { TaskRequest } from '../../../src/domain/tasks/task-request.ts'
import { JarcastError } from '../../../src/errors.ts'
import type { TaskEnded } from '../../../src/framework/facts/events.ts'
import { createStreams } from '../../../src/framework/facts/streams.ts'
import { toSettings } from '../../../src/framework/options/settings.ts'
import { createTaskRuns } from '../../../src/framework/requests/task-runs.ts'
import type { LibraryInput } from '../../../src/server/libraries/library-check.ts'
import { settle } from '../support/fake-connection.ts'

const settings = toSettings({ master: 'http://127.0.0.1:9' })
const shell = (id: string) => ({ id, work: { kind: 'shell', command: 'true' } }) as const
const failed = new JarcastError('TASK_FAILED', 'exit 7')
const stopped = new JarcastError('FRAMEWORK_STOPPED', 'the framework has stopped')

/** Runs without a scheduler: the test ends the tasks. */
function given(
  submit: (requests: readonly TaskRequest[]) => Promise<void> = async () => undefined,
  libraries: readonly LibraryInput[] = [],
) {
  const submitted: string[] = []
  const requested: TaskRequest[] = []
  const streams = createStreams({ snapshot: () => undefined, lastFactOf: () => undefined })
  const runs = createTaskRuns({
    ...streams,
    settings: () => ({ ...settings, libraries }),
    submit: async (requests) => {
      submitted.push(...requests.map(({ id }) => id))
      requested.push(...requests)
      await submit(requests)
    },
    ship: async () => ({ module: 'sums.mjs.tgz/.modules/sums.mjs', export: 'add' }),
  })
  const end = (taskId: string, more: Partial<TaskEnded> = {}) =>
    streams.publish({ type: 'task.ended', taskId, attempt: 1, at: 1, ...more })
  return { ...runs, ...streams, submitted, requests: requested, finish: end }
}

describe('run', () => {
  it('submits a function by its module and export', async () => {
    // The module of the function is among the libraries by then.
    const { run, finish, requests } = given(undefined, [{ path: 'sums.mjs.tgz' }])
    const add = (one: number, other: number) => one + other
    const result = run({ id: 'sum', work: { kind: 'js', fn: add, args: [1, 2] } })
    await settle()
    const module = 'sums.mjs.tgz/.modules/sums.mjs'
    expect(requests).toMatchObject([
      { id: 'sum', work: { kind: 'js', module, export: 'add', args: [1, 2] } },
    ])
    finish('sum', { report: { version: 1, result: 3 } })
    expect(await result).toBe(3)
  })

  it('resolves with the result of its task', async () => {
    const { run, finish, submitted } = given()
    const result = run(shell('a'))
    await settle()
    expect(submitted).toEqual(['a'])
    finish('b', { report: { version: 1, result: 'of another' } })
    finish('a', { report: { version: 1, result: 6 } })
    expect(await result).toBe(6)
  })

  it('rejects with the error of its task, or with the reason of the end', async () => {
    const { run, finish, end } = given()
    const bad = run(shell('a'))
    const open = run(shell('b'))
    finish('a', { error: failed })
    end(stopped)
    await expect(bad).rejects.toBe(failed)
    await expect(open).rejects.toBe(stopped)
    await expect(run(shell('c'))).rejects.toBe(stopped)
  })

  it('takes an end that comes while the task is submitted', async () => {
    const { run, finish } = given(async ([request]) => finish(request?.id ?? ''))
    expect(await run(shell('a'))).toBeUndefined()
  })

  it('refuses the id of a task that runs, until that is over', async () => {
    const { run, finish } = given()
    const first = run(shell('a'))
    await expect(run(shell('a'))).rejects.toMatchObject({ code: 'TASK_INVALID' })
    finish('a')
    await first
    const second = run(shell('a'))
    finish('a')
    expect(await second).toBeUndefined()
  })

  it('rejects with the error of the submission, and frees the id', async () => {
    const errors = [stopped]
    const { run, finish } = given(async () => {
      const error = errors.pop()
      if (error !== undefined) throw error
    })
    await expect(run(shell('a'))).rejects.toBe(stopped)
    const again = run(shell('a'))
    finish('a')
    expect(await again).toBeUndefined()
  })

  it('refuses a task that no framework can run before it is submitted', async () => {
    const { run, submitted } = given()
    const work = { kind: 'js', module: 'm.mjs', export: 'f' } as const
    await expect(run({ work })).rejects.toMatchObject({ code: 'TASK_INVALID' })
    expect(submitted).toEqual([])
  })
})

describe('runGroup', () => {
  it('resolves with the results in the order of the tasks', async () => {
    const { runGroup, finish, submitted } = given()
    const results = runGroup([shell('a'), shell('b')])
    await settle()
    expect(submitted).toEqual(['a', 'b'])
    finish('b', { report: { version: 1, result: 2 } })
    finish('a', { report: { version: 1, result: 1 } })
    expect(await results).toEqual([1, 2])
  })

  it('rejects with the first error; the ids of the others stay in use until their ends', async () => {
    const { run, runGroup, finish } = given()
    const results = runGroup([shell('a'), shell('b')])
    finish('b', { error: failed })
    await expect(results).rejects.toBe(failed)
    await expect(run(shell('a'))).rejects.toMatchObject({ code: 'TASK_INVALID' })
    finish('a', { error: failed })
    const again = run(shell('a'))
    finish('a')
    expect(await again).toBeUndefined()
  })
})
