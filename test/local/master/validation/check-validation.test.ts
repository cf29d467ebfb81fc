import { describe, expect, it } from 'vitest'
import { findTaskCheckError } from '../../../../src/local/master/validation/check-validation.ts'
import type { CheckInfo, HealthCheck, TaskInfo } from '../../../../src/mesos/types.generated.ts'

const taskInfo: TaskInfo = { name: 't', taskId: { value: 't' }, agentId: { value: 'a' } }

function ofCheck(check: CheckInfo): string | undefined {
  return findTaskCheckError({ ...taskInfo, check }, () => undefined)
}

function ofHealth(healthCheck: HealthCheck): string | undefined {
  return findTaskCheckError({ ...taskInfo, healthCheck }, () => undefined)
}

describe('findTaskCheckError', () => {
  it('finds nothing wrong with complete checks', () => {
    expect(ofCheck({ type: 'COMMAND', command: { command: { value: 'true' } } })).toBeUndefined()
    expect(ofCheck({ type: 'TCP', tcp: { port: 1 } })).toBeUndefined()
    expect(ofHealth({ type: 'HTTP', http: { port: 1, scheme: 'https' } })).toBeUndefined()
  })

  it('names a missing field in the words of Mesos', () => {
    expect(ofCheck({})).toBe("Task uses invalid check: CheckInfo must specify 'type'")
    expect(ofCheck({ type: 'HTTP' })).toBe(
      "Task uses invalid check: Expecting 'http' to be set for HTTP check",
    )
    expect(ofHealth({ type: 'COMMAND', command: { shell: false } })).toBe(
      "Task uses invalid health check: Command health check must contain 'executable path'",
    )
    expect(ofHealth({ type: 'UNKNOWN' })).toBe(
      "Task uses invalid health check: 'UNKNOWN' is not a valid health check type",
    )
    expect(ofHealth({ type: 'HTTP', http: { port: 1, scheme: 'ftp' } })).toBe(
      "Task uses invalid health check: Unsupported HTTP health check scheme: 'ftp'",
    )
    expect(ofHealth({ type: 'HTTP', http: { port: 1, path: 'x' } })).toBe(
      "Task uses invalid health check: The path 'x' of HTTP health check must start with '/'",
    )
    expect(ofHealth({ type: 'TCP', tcp: { port: 1 }, gracePeriodSeconds: -1 })).toBe(
      "Task uses invalid health check: Expecting 'grace_period_seconds' to be non-negative",
    )
  })

  it('hands the command of a check on to be judged', () => {
    const task: TaskInfo = {
      ...taskInfo,
      check: { type: 'COMMAND', command: { command: { value: 'x' } } },
    }
    expect(findTaskCheckError(task, ({ value }) => `bad ${value}`)).toBe(
      "Task uses invalid check: Check's `CommandInfo` is invalid: bad x",
    )
  })
})
