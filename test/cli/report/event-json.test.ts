import { describe, expect, it } from 'vitest'
import { toJsonLine } from '../../../src/cli/report/event-json.ts'
import { failed, failure, fetched, finished } from './reported-events.ts'

describe('toJsonLine', () => {
  it('puts the name and the time of the event first', () => {
    const line = toJsonLine({
      event: 'call.failed',
      at: 5,
      payload: { call: 'ACCEPT', message: 'x' },
    })
    expect(line).toBe('{"event":"call.failed","at":5,"call":"ACCEPT","message":"x"}')
  })

  it('escapes control sequences of terminals', () => {
    const payload = { call: 'ACCEPT', message: '\u009b2J\u001b\u007f' }
    const line = toJsonLine({ event: 'call.failed', at: 5, payload })
    expect(line).toContain('"\\u009b2J\\u001b\\u007f"')
    expect(JSON.parse(line)).toMatchObject(payload)
  })

  it('needs no payload', () => {
    const line = toJsonLine({ event: 'framework.stopped', at: 5, payload: {} })
    expect(line).toBe('{"event":"framework.stopped","at":5}')
  })

  it('leaves out the bytes of a status and a second name', () => {
    expect(JSON.parse(toJsonLine(finished))).toMatchObject({
      status: { taskId: { value: 'sum' }, state: 'TASK_FINISHED' },
      report: { result: { total: 6 } },
    })
    expect(toJsonLine(finished)).not.toContain('e30=')
    expect(JSON.parse(toJsonLine(fetched))).not.toHaveProperty('type')
  })

  it('distinguishes errors by code, message and details', () => {
    const error = { code: 'CLASS_NOT_FOUND', message: failure.message, details: failure.details }
    expect(JSON.parse(toJsonLine(failed))).toMatchObject({ error })
    const line = toJsonLine({ event: 'framework.failed', at: 5, payload: { error: failure } })
    expect(JSON.parse(line)).toMatchObject({ event: 'framework.failed', error })
  })

  it('tells the event from the event of Mesos that was refused', () => {
    const payload = { event: 'UPDATE', message: 'it has no task id' }
    const line = toJsonLine({ event: 'mesos.refused', at: 1, payload })
    expect(JSON.parse(line)).toEqual({
      event: 'mesos.refused',
      at: 1,
      mesosEvent: 'UPDATE',
      message: 'it has no task id',
    })
  })
})
