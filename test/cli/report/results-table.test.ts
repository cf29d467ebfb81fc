import picocolors from 'picocolors'
import { describe, expect, it } from 'vitest'
import { resultsTable, resultText } from '../../../src/cli/report/results-table.ts'
import { JarcastError } from '../../../src/errors.ts'
import type { ReportedEvent } from '../../../src/cli/report/record/reported-event.ts'
import { createRunLog } from '../../../src/cli/report/record/run-log.ts'
import type { RunLog } from '../../../src/cli/report/record/run-log.ts'
import { failed, fetched, finished, launched, served } from './reported-events.ts'

const plain = { isInteractive: false, colours: picocolors.createColors(false), columns: 100 }

const longReport = { version: 1, result: 'long\nresult '.repeat(99) } as const

type Event<Name> = Extract<ReportedEvent, { event: Name }>

function launchOf(taskId: string): ReportedEvent {
  const { payload, ...event } = launched as Event<'task.launched'>
  return { ...event, payload: { ...payload, taskId } }
}

function endOf(taskId: string, end: ReportedEvent): ReportedEvent {
  const { payload, ...event } = end as Event<'task.ended'>
  return { ...event, payload: { ...payload, taskId } }
}

function logOfRun(): RunLog {
  const log = createRunLog(['load', 'sum', 'late'])
  for (const event of [launched, fetched, finished, failed, served]) log.record(event)
  return log
}

describe('resultsTable', () => {
  it('has a row per task, those that failed first', () => {
    expect(resultsTable(logOfRun().rows(), plain)).toBe(
      [
        'task  agent  host  state          seconds  result',
        'load  –      –     TASK_FAILED          –  no class a.B',
        'late  –      –     not launched         –',
        'sum   S1     east  TASK_FINISHED      1.5  {"total":6}',
      ].join('\n'),
    )
  })

  it('distinguishes a failed task without a report of Mesos from one that the framework left', () => {
    const ended = (code: 'TASK_FAILED' | 'FRAMEWORK_STOPPED') => {
      const log = createRunLog()
      log.record(launched)
      const error = new JarcastError(code, 'task sum: its agent was unreachable for 60 s')
      log.record({
        event: 'task.ended',
        at: 0,
        payload: { taskId: 'sum', attempt: 1, error, at: 0 },
      })
      return resultsTable(log.rows(), plain)
    }
    expect(ended('TASK_FAILED')).toMatch(/east\s+failed/)
    expect(ended('FRAMEWORK_STOPPED')).toMatch(/east\s+stopped/)
  })

  it('keeps each row on a line that fits', () => {
    const log = createRunLog()
    log.record(launched)
    log.record({ ...finished, payload: { ...finished.payload, report: longReport } })
    for (const isInteractive of [true, false]) {
      const lines = resultsTable(log.rows(), { ...plain, isInteractive }).split('\n')
      expect(lines).toHaveLength(isInteractive ? 5 : 2)
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
    }
  })

  it.each([60, 80, 120, 200])('is no wider than %i columns', (columns) => {
    const log = createRunLog()
    const taskId = 'a-task-whose-name-is-longer-than-most-names-of-tasks-are'
    log.record(launchOf(taskId))
    const { payload } = finished
    log.record(endOf(taskId, { ...finished, payload: { ...payload, report: longReport } }))
    for (const isInteractive of [true, false]) {
      const lines = resultsTable(log.rows(), { ...plain, isInteractive, columns }).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
      expect(lines.some((line) => line.includes('TASK_FINISHED'))).toBe(true)
    }
  })

  it('sums up many tasks by their states, and lists those that failed', () => {
    const log = createRunLog()
    for (let index = 0; index < 2000; index += 1) {
      const taskId = `task-${index}`
      log.record(launchOf(taskId))
      log.record(endOf(taskId, index % 500 === 0 ? failed : finished))
    }
    const lines = resultsTable(log.rows(), plain).split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual([
      'task',
      'task-0',
      'task-500',
      'task-1000',
      'task-1500',
      'and',
    ])
    expect(lines.at(-1)).toBe('and 1996 TASK_FINISHED (--json has a line for each)')
  })

  it('has colours only where there are some', () => {
    const rows = logOfRun().rows()
    const coloured = { ...plain, colours: picocolors.createColors(true) }
    expect(resultsTable(rows, plain)).not.toContain('\u001b')
    expect(resultsTable(rows, coloured)).toContain('\u001b[31mTASK_FAILED\u001b[39m')
  })
})

describe('resultText', () => {
  it('is the last line written when there is no result', () => {
    expect(resultText({ report: { version: 1, logTail: 'one\nsuccessfully loaded a.B\n' } })).toBe(
      'successfully loaded a.B',
    )
  })
})
