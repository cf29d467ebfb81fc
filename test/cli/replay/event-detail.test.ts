import { describe, expect, it } from 'vitest'
import { detailOf as readDetail } from '../../../src/cli/replay/event-detail.ts'

const base64 = (report: object) => Buffer.from(JSON.stringify(report)).toString('base64')
const update = (status: object) => ({ type: 'mesos.update', status })

const detailOf = (event: { readonly type: string; readonly [name: string]: unknown }) =>
  readDetail(event)

describe('detailOf', () => {
  it('has reason, exit status, code and message of a failed task', () => {
    const data = base64({ version: 1, exitStatus: 7, code: 'TASK_FAILED' })
    const status = { taskId: { value: 'a' }, state: 'TASK_FAILED', data, message: 'it exited' }
    expect(detailOf(update({ ...status, reason: 'REASON_COMMAND_EXECUTOR_FAILED' }))).toEqual({
      isFailure: true,
      text: 'REASON_COMMAND_EXECUTOR_FAILED, exit status 7, TASK_FAILED: it exited',
    })
  })

  it('has the signal of a task that was killed', () => {
    const data = base64({ version: 1, signal: 'SIGKILL' })
    expect(detailOf(update({ state: 'TASK_KILLED', data }))).toEqual({
      isFailure: true,
      text: 'SIGKILL',
    })
  })

  it.each(['TASK_FINISHED', 'TASK_RUNNING', 'TASK_UNREACHABLE'])('is no failure: %s', (state) => {
    expect(detailOf(update({ state, message: 'news' }))).toEqual({
      isFailure: false,
      text: 'news',
    })
  })

  it('reads the updates and processes of an executor', () => {
    const failed = { state: 'TASK_FAILED', report: { version: 1, exitStatus: 1 } }
    expect(detailOf({ type: 'update.stamped', update: failed })).toEqual({
      isFailure: true,
      text: 'exit status 1',
    })
    const outcome = { ok: true, message: 'done', report: { version: 1, exitStatus: 0 } }
    expect(detailOf({ type: 'host.exited', outcome })).toEqual({
      isFailure: false,
      text: 'exit status 0: done',
    })
  })

  it('reads events of any machine', () => {
    const failed = { type: 'payment.failed', error: { message: 'card declined' } }
    expect(detailOf(failed)).toEqual({ isFailure: true, text: 'card declined' })
    expect(detailOf({ type: 'payment.done' })).toEqual({ isFailure: false, text: '' })
  })

  it.each([null, 7, 'text', [], { state: 5, data: 'no base64', report: 1 }])(
    'survives a status that is %j',
    (status) => {
      expect(detailOf({ type: 'mesos.update', status })).toEqual({ isFailure: false, text: '' })
    },
  )
})
