import { PassThrough } from 'node:stream'
import { EventEmitter } from 'eventemitter3'
import { describe, expect, it } from 'vitest'
import { createRunLog } from '../../../src/cli/report/record/run-log.ts'
import { createRunReport } from '../../../src/cli/report/run-report.ts'
import type { FrameworkEvents } from '../../../src/framework/facts/events.ts'
import { fetched, launched } from './reported-events.ts'

describe('printResults', () => {
  it('reports how libraries were fetched, which is in no journal', () => {
    const stream = new PassThrough()
    const report = createRunReport({
      stream: stream as unknown as NodeJS.WriteStream,
      taskIds: ['sum'],
    })
    const framework = new EventEmitter<FrameworkEvents>()
    report.watch(framework, 'http://10.0.0.1:5050')
    for (const { event, payload } of [launched, fetched]) framework.emit(event, payload as never)
    const recorded = createRunLog(['sum'])
    recorded.record(launched)
    report.printResults(recorded)
    expect(String(stream.read())).toContain('0 libraries fetched, 1 cache hit')
  })
})

describe('--json', () => {
  it('ends with one summary', () => {
    const stream = new PassThrough()
    const options = {
      stream: stream as unknown as NodeJS.WriteStream,
      json: true,
      taskIds: ['sum'],
    }
    const report = createRunReport(options)
    const framework = new EventEmitter<FrameworkEvents>()
    report.watch(framework, 'http://10.0.0.1:5050')
    framework.emit(launched.event, launched.payload as never)
    report.close()
    report.close()
    const lines = String(stream.read()).trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'task.launched',
      'run.summary',
    ])
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({
      tasks: 1,
      launched: 1,
      finished: 0,
      failed: 0,
    })
  })

  it('has no output of tasks after the summary', async () => {
    const stream = new PassThrough()
    const options = { stream: stream as unknown as NodeJS.WriteStream, json: true }
    const report = createRunReport({ ...options, taskIds: ['sum'] })
    report.watch(new EventEmitter<FrameworkEvents>(), 'http://10.0.0.1:5050')
    const lines = {
      taskId: 'sum',
      attempt: 1,
      name: 'stdout',
      bytes: Buffer.from('late\n'),
    } as const
    expect(await report.output(lines)).toBe(true)
    report.close()
    expect(await report.output(lines)).toBe(false)
    expect(String(stream.read()).trim().split('\n').at(-1)).toContain('"run.summary"')
  })

  it('has no summary of a framework that never started', () => {
    const stream = new PassThrough()
    const options = { stream: stream as unknown as NodeJS.WriteStream, json: true, taskIds: [] }
    createRunReport(options).close()
    expect(stream.read()).toBe(null)
  })
})
