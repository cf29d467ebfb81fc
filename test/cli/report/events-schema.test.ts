import { describe, expect, it } from 'vitest'
import { toJsonLine } from '../../../src/cli/report/event-json.ts'
import { eventNames } from '../../../src/cli/report/record/reported-event.ts'
import { faultsOf, readSchema } from '../../support/json-schema.ts'
import * as events from './reported-events.ts'

describe('docs/schemas/events.schema.json', () => {
  it('has every event, and the summary', () => {
    const titles = readSchema('events').oneOf.map(({ title }) => title)
    expect(titles.toSorted()).toEqual([...eventNames, 'run.summary'].toSorted())
  })

  it('fits events as they are printed, and no others', () => {
    const faults = faultsOf('events')
    const printed = (event: Parameters<typeof toJsonLine>[0]): Record<string, unknown> =>
      JSON.parse(toJsonLine(event)) as Record<string, unknown>
    expect(faults(printed(events.launched))).toEqual([])
    expect(faults(printed(events.fetched))).toEqual([])
    const { taskId: _, ...without } = printed(events.launched)
    expect(faults(without)).not.toEqual([])
    expect(faults({ event: 'task.unheard', at: 1 })).not.toEqual([])
  })
})
