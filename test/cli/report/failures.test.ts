import picocolors from 'picocolors'
import { describe, expect, it } from 'vitest'
import { describeReasons, failuresText, isCausedBy } from '../../../src/cli/report/failures.ts'
import { createRunLog } from '../../../src/cli/report/record/run-log.ts'
import { JarcastError } from '../../../src/errors.ts'
import { failed, finished, launched } from './reported-events.ts'

describe('describeReasons', () => {
  it('reports a reason once, however many tasks it stopped', () => {
    const errors = ['a', 'b', 'c'].map((taskId) => {
      const message = taskId === 'c' ? 'another' : 'no port'
      const details = { taskId }
      return new JarcastError('JAR_SERVER_FAILED', `task ${taskId}: ${message}`, { details })
    })
    expect(describeReasons(errors)).toEqual([
      '2 tasks: no port (JAR_SERVER_FAILED)',
      'task c: another (JAR_SERVER_FAILED)',
    ])
    const failure = new JarcastError('JAR_SERVER_FAILED', 'no port')
    expect(errors.map((error) => isCausedBy(error, failure))).toEqual([true, true, false])
  })
})

describe('failuresText', () => {
  it('shows code and log tail without control characters', () => {
    const log = createRunLog(['load', 'sum', 'late'])
    for (const event of [launched, finished, failed]) log.record(event)
    const colours = picocolors.createColors(false)
    expect(failuresText(log.rows(), { colours })).toBe(
      'task load TASK_FAILED: no class a.B (CLASS_NOT_FOUND)\n    first\n    last words',
    )
  })
})
