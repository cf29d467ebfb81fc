import { describe, expect, it } from 'vitest'
import { taskEnds } from '../../../src/domain/tasks/ends/task-ends.ts'
import { describeTaskEnd } from '../../../src/framework/facts/describe-task-end.ts'
import type { TaskStatus, TaskStatusReason } from '../../../src/mesos/types.generated.ts'
import { scalar, status } from '../../support/mesos/mesos-data.ts'

const unhealthy: TaskStatus = status('t', 'TASK_KILLED', {
  healthy: false,
  source: 'SOURCE_EXECUTOR',
})

const known = taskEnds.flatMap(({ states, reason, sources }) =>
  states.flatMap((state) =>
    sources.map((source) => status('t', state, { ...(reason && { reason }), source })),
  ),
)

describe('describeTaskEnd', () => {
  it.each([...known, unhealthy])('describes an end without a message: %j', (one) => {
    const text = describeTaskEnd(one)
    expect(text).toBe(describeTaskEnd({ ...one, message: '' }))
    expect(text).toMatch(/\w{3}/)
    expect(text).not.toContain('running')
  })

  it('names the source without a reason, or with a reason that explains nothing', () => {
    const from = (source: 'MASTER' | 'AGENT' | 'EXECUTOR', reason?: TaskStatusReason) =>
      describeTaskEnd(
        status('t', 'TASK_FAILED', { ...(reason && { reason }), source: `SOURCE_${source}` }),
      )
    expect(from('EXECUTOR')).toBe('it failed; its executor gave no reason')
    expect(from('AGENT')).toBe('it failed; its agent gave no reason')
    expect(from('MASTER', 'REASON_RECONCILIATION')).toBe(
      'it failed; the master gave REASON_RECONCILIATION',
    )
    expect(describeTaskEnd(status('t', 'TASK_LOST'))).toBe('it was lost; Mesos gave no reason')
  })

  it('puts the cause before a message that only names a signal', () => {
    const message = 'Command terminated with signal Terminated'
    expect(describeTaskEnd({ ...unhealthy, message })).toBe(
      `it was killed because its health check failed: ${message}`,
    )
    // As the Docker executor words it.
    expect(describeTaskEnd({ ...unhealthy, message: 'Container exited with status 143' })).toBe(
      'it was killed because its health check failed: Container exited with status 143',
    )
    expect(
      describeTaskEnd(
        status('t', 'TASK_KILLED', {
          reason: 'REASON_AGENT_DRAINING',
          source: 'SOURCE_EXECUTOR',
          message: 'killed: killed by SIGTERM',
        }),
      ),
    ).toBe('its agent is being drained: killed: killed by SIGTERM')
  })

  it('leaves a complete message unchanged', () => {
    const own = 'killed, as its health checks failed: killed by SIGTERM'
    expect(describeTaskEnd({ ...unhealthy, message: own })).toBe(own)
    const message = 'Command exited with status 3'
    expect(describeTaskEnd(status('t', 'TASK_FAILED', { message }))).toBe(message)
  })

  it('names the limit of memory and disk, without pages of statistics', () => {
    const memory = status('t', 'TASK_FAILED', {
      reason: 'REASON_CONTAINER_LIMITATION_MEMORY',
      source: 'SOURCE_AGENT',
      limitation: { resources: [scalar('mem', 33)] },
    })
    const message =
      'Memory limit exceeded: Requested: 32MB Maximum Used: 33MB\n\nMEMORY STATISTICS: \ncache 4096\n'
    expect(describeTaskEnd({ ...memory, message })).toBe(
      'it used more memory than its limit (resources.memMb, --mem): Memory limit exceeded: Requested: 32MB Maximum Used: 33MB',
    )
    expect(describeTaskEnd(memory)).toBe(
      'it used more memory than its limit (resources.memMb, --mem): mem 33',
    )
  })

  it('has no text for a task that is not over', () => {
    expect(describeTaskEnd(status('t', 'TASK_UNREACHABLE'))).toBeUndefined()
  })
})
