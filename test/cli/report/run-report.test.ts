import { PassThrough } from 'node:stream'
import { EventEmitter } from 'eventemitter3'
import { describe, expect, it } from 'vitest'
import { createRunLog } from '../../../src/cli/report/run-log.ts'
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
