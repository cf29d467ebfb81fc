import { describe, expect, it } from 'vitest'
import { toJsonLine, toOutputJson } from '../../../src/cli/report/event-json.ts'
import { eventNames } from '../../../src/cli/report/record/reported-event.ts'
import { faultsOf, readSchema } from '../../support/json-schema.ts'
import * as events from './reported-events.ts'

describe('docs/schemas/events.schema.json', () => {
  it('has every event, the output of tasks, and the summary', () => {
    const titles = readSchema('events').oneOf.map(({ title }) => title)
    expect(titles.toSorted()).toEqual(
      [...eventNames, 'task.output', 'prefetch.ended', 'run.summary'].toSorted(),
    )
  })

  it('fits events as they are printed, and no others', () => {
    const faults = faultsOf('events')
    const printed = (event: Parameters<typeof toJsonLine>[0]): Record<string, unknown> =>
      JSON.parse(toJsonLine(event)) as Record<string, unknown>
    expect(faults(printed(events.launched))).toEqual([])
    expect(faults(printed(events.fetched))).toEqual([])
    const lines = { taskId: 'sum', attempt: 1, name: 'stderr', bytes: Buffer.from('a\n') } as const
    expect(faults(JSON.parse(toOutputJson(lines, 1)))).toEqual([])
    const { taskId: _, ...without } = printed(events.launched)
    expect(faults(without)).not.toEqual([])
    expect(faults({ event: 'task.unheard', at: 1 })).not.toEqual([])
  })
})
