import { describe, expect, it } from 'vitest'
import { requestExitStatus } from '../../../src/domain/runtimes/platforms.ts'
import { uncheckedExitStatus } from '../../../src/domain/tasks/check-command.ts'
import { createPublicFacts } from '../../../src/framework/facts/public-facts.ts'
import { payloadDigest } from '../../../src/journal/files/payloads.ts'
import type { TaskStatus } from '../../../src/mesos/types.generated.ts'
import { status } from '../../support/mesos/mesos-data.ts'

const report = { version: 1, result: { total: 6 } }
const data = Buffer.from(JSON.stringify(report)).toString('base64')
const finished: TaskStatus = status('a', 'TASK_FINISHED')
const ended = { type: 'task.ended', taskId: 'a', attempt: 1 } as const

describe('createPublicFacts', () => {
  it('adds the time to facts that stay as they are', () => {
    const fact = { type: 'offers.received', count: 2, launched: 1 } as const
    expect(createPublicFacts()(fact, 7)).toEqual({ ...fact, at: 7 })
  })

  it('makes an error of code and message', () => {
    const fact = { type: 'framework.failed', code: 'MASTER_REJECTED', message: 'no' } as const
    const { error, ...rest } = createPublicFacts()(fact, 7) as unknown as { error: Error }
    expect(rest).toEqual({ type: 'framework.failed', at: 7 })
    expect(error).toMatchObject({ code: 'MASTER_REJECTED', message: 'no' })
  })

  it('gives the end of a task with its report, or with its error', () => {
    const toPublic = createPublicFacts()
    expect(toPublic({ ...ended, status: { ...finished, data } }, 7)).toEqual({
      ...ended,
      state: 'TASK_FINISHED',
      status: { ...finished, data },
      report,
      at: 7,
    })
    const lost = { ...ended, code: 'FRAMEWORK_STOPPED', message: 'over' }
    expect(toPublic(lost, 7)).toMatchObject({ error: { code: 'FRAMEWORK_STOPPED' } })
    expect(toPublic(lost, 7)).not.toHaveProperty('code')
  })

  it('ends what was rejected', () => {
    const toPublic = createPublicFacts()
    const why = { code: 'TASK_INVALID', message: 'an id twice' }
    expect(toPublic({ type: 'task.rejected', taskId: 'a', ...why }, 7)).toMatchObject({
      type: 'task.ended',
      taskId: 'a',
      error: { code: 'TASK_INVALID', message: 'task a: an id twice' },
    })
    expect(toPublic({ type: 'operation.rejected', operationId: 'o', ...why }, 7)).toMatchObject({
      type: 'operation.ended',
      operationId: 'o',
      error: { code: 'TASK_INVALID' },
    })
  })

  it('takes the whole status once, where the entry has a part', () => {
    const part = { ...finished, message: 'cut…' }
    const whole = { ...finished, message: 'not cut' }
    const forgotten: unknown[] = []
    const wholes = {
      wholeOf: <S>(given: S): S => (given === (part as unknown) ? (whole as unknown as S) : given),
      forget: (given: unknown) => void forgotten.push(given),
    }
    const fact = createPublicFacts({ wholes })({ ...ended, type: 'task.updated', status: part }, 7)
    expect(fact).toMatchObject({ status: { message: 'not cut' } })
    expect(forgotten).toEqual([part])
  })

  it('takes a large result from beside the journal, or says that it is lost', () => {
    const bytes = Buffer.from(data, 'base64')
    const dataSha256 = payloadDigest(bytes)
    const fact = { ...ended, status: finished, dataSha256 }
    const kept = createPublicFacts({ payloads: { get: () => bytes } })
    expect(kept(fact, 7)).toMatchObject({ report })
    expect(kept(fact, 7)).not.toHaveProperty('dataSha256')
    const gone = createPublicFacts({ payloads: { get: () => undefined } })
    expect(gone(fact, 7)).toMatchObject({
      error: {
        code: 'JOURNAL_CORRUPT',
        message: expect.stringContaining(`payloads/${dataSha256}`),
      },
    })
  })

  it('names the program that an executor refused in the error of its tasks', () => {
    const toPublic = createPublicFacts()
    const ids = { agentId: { value: 'a1' }, executorId: { value: 'e' } }
    const failed = {
      type: 'executor.failed',
      ...ids,
      status: uncheckedExitStatus << 8,
    } as const
    expect(toPublic(failed, 7)).toEqual({
      type: 'executor.failed',
      agentId: 'a1',
      executorId: 'e',
      status: failed.status,
      at: 7,
    })
    const reason = 'REASON_EXECUTOR_TERMINATED' as const
    const end = { ...ended, status: { ...status('a', 'TASK_FAILED', ids), reason } }
    expect(toPublic(end, 7)).toMatchObject({ error: { code: 'PROGRAM_REJECTED' } })
    const other = { ...end.status, executorId: { value: 'another' } }
    expect(toPublic({ ...end, status: other }, 7)).toMatchObject({ error: { code: 'TASK_FAILED' } })
  })

  it.each([
    ['linux-x64-musl', /npm has no build for musl;.*apk add nodejs.*--runtime node=ARCHIVE/],
    ['linux-arm64', /\(linux-arm64\).*none is shipped for its platform;.*--runtime node=ARCHIVE/],
  ] as const)('says what to do for an agent of %s without a Node.js', (platform, message) => {
    const toPublic = createPublicFacts()
    const ids = { agentId: { value: 'a1' }, executorId: { value: 'e' } }
    toPublic({ type: 'executor.failed', ...ids, status: requestExitStatus(platform) << 8 }, 7)
    const reason = 'REASON_EXECUTOR_TERMINATED' as const
    const end = { ...ended, status: { ...status('a', 'TASK_FAILED', ids), reason } }
    expect(toPublic(end, 7)).toMatchObject({
      error: { code: 'RUNTIME_MISSING', message: expect.stringMatching(message) as string },
    })
  })
})
