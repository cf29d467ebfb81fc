import { describe, expect, it } from 'vitest'
import type { ReportedEvent } from '../../../../src/cli/report/record/reported-event.ts'
import { RunPlace } from '../../../../src/cli/report/live/run-place.ts'

const registered: ReportedEvent = {
  event: 'framework.registered',
  at: 0,
  payload: { frameworkId: '1f-0000', master: 'http://10.0.0.1:5050' } as never,
}
const started: ReportedEvent = {
  event: 'jarServer.started',
  at: 0,
  payload: { url: 'http://10.0.0.2:8080' } as never,
}

describe('RunPlace', () => {
  it('names the master, the framework and the jar server, once they are known', () => {
    const place = new RunPlace()
    expect(place.lines(100)).toEqual([])
    place.record(registered)
    expect(place.lines(100)).toEqual([' master http://10.0.0.1:5050 · framework 1f-0000'])
    place.record(started)
    expect(place.lines(100)).toEqual([
      ' master http://10.0.0.1:5050 · framework 1f-0000 · jar server http://10.0.0.2:8080',
    ])
  })

  it('takes a line for each where one has no room', () => {
    const place = new RunPlace()
    place.record(registered)
    place.record(started)
    expect(place.lines(24)).toEqual([
      ' master http://10.0.0.1…',
      ' framework 1f-0000',
      ' jar server http://10.0…',
    ])
  })
})
