import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { JarcastError } from '../../../src/errors.ts'
import type { FrameworkFact } from '../../../src/framework/facts/events.ts'
import { createOperate } from '../../../src/framework/requests/operations.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { settle } from '../support/fake-connection.ts'

const resources = [
  { name: 'cpus', type: 'SCALAR', scalar: { value: 1 }, reservations: [{ role: 'r' }] },
] as const
const reserve = { type: 'RESERVE', reserve: { resources } } as const
const about = { agentId: 'a1', operation: reserve, id: 'o1' }

function given(ready?: () => Promise<never>) {
  const run = new Subject<FrameworkFact>()
  const events: SchedulerInboxEvent[] = []
  const inbox = { dispatch: (event: SchedulerInboxEvent) => void events.push(event) }
  const operate = createOperate(run, ready ?? (() => Promise.resolve(inbox)))
  const finish = (operationId: string, error?: JarcastError) =>
    run.next({
      type: 'operation.ended',
      operationId,
      agentId: 'a1',
      attempt: 1,
      at: 1,
      ...(error && { error }),
    })
  return { run, events, operate, finish }
}

describe('operate', () => {
  it('submits the operation, and resolves when that has finished', async () => {
    const { operate, finish, events } = given()
    const ended = operate(about)
    await settle()
    expect(events).toEqual([
      { type: 'operation.submit', request: { id: 'o1', agentId: 'a1', operation: reserve } },
    ])
    finish('another')
    finish('o1')
    expect(await ended).toMatchObject({ operationId: 'o1' })
  })

  it('rejects with its error, and with the reason of the end of the run', async () => {
    const { operate, finish, run } = given()
    const failed = new JarcastError('OPERATION_FAILED', 'no')
    const stopped = new JarcastError('FRAMEWORK_STOPPED', 'over')
    const bad = operate(about)
    const open = operate({ ...about, id: 'o2' })
    finish('o1', failed)
    run.error(stopped)
    await expect(bad).rejects.toBe(failed)
    await expect(open).rejects.toBe(stopped)
  })

  it('frees the id when the framework cannot be started', async () => {
    const error = new JarcastError('MASTER_UNREACHABLE', 'no')
    const { operate } = given(() => Promise.reject(error))
    await expect(operate(about)).rejects.toBe(error)
    await expect(operate(about)).rejects.toBe(error)
  })

  it('cancels when its signal is aborted', async () => {
    const { operate, finish, events } = given()
    const abort = new AbortController()
    const ended = operate({ ...about, signal: abort.signal })
    await settle()
    abort.abort()
    expect(events.at(-1)).toEqual({ type: 'operation.cancel', operationId: 'o1' })
    finish('o1')
    await ended
    await expect(operate({ ...about, signal: abort.signal })).rejects.toThrow()
  })

  it.each<[Partial<typeof about>, RegExp]>([
    [{ id: 'a/b' }, /^operation a\/b: its id /],
    [{ agentId: '' }, /its agentId /],
    [{ operation: { type: 'LAUNCH' } as never }, /LAUNCH is not an operation on resources/],
    [{ operation: { type: 'RESERVE', reserve: { resources: [] } } as never }, /names no resources/],
  ])('refuses %j', async (more, message) => {
    await expect(given().operate({ ...about, ...more })).rejects.toMatchObject({
      code: 'OPERATION_INVALID',
      message: expect.stringMatching(message),
    })
  })

  it('refuses an id that is in use', async () => {
    const { operate, finish } = given()
    const first = operate(about)
    await expect(operate(about)).rejects.toMatchObject({ code: 'OPERATION_INVALID' })
    finish('o1')
    await first
  })
})
