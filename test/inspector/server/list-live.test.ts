import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { createAppTable } from '../../../src/inspector/server/app-table.ts'
import { listLive } from '../../../src/inspector/server/list-live.ts'
import { createWatchers } from '../../../src/inspector/server/watchers.ts'
import type { ReplayApp } from '../../../src/inspector/replay-app/open-replay-app.ts'

function given() {
  const apps = createAppTable()
  const watchers = createWatchers()
  let opened = 0
  let closed = 0
  let changed = (): void => undefined
  let lastSeq = 0
  const open = () => {
    opened += 1
    const firstSeq = lastSeq
    return {
      info: () => ({ id: 'run', firstSeq, lastSeq, isOver: false }),
      onChange: (listener: () => void) => ((changed = listener), () => undefined),
      close: () => (closed += 1),
    } as never as ReplayApp
  }
  const end = listLive({ apps, watchers }, open)
  const grow = (entries: number) => ((lastSeq += entries), changed())
  return { apps, watchers, end, grow, counts: () => [opened, closed] }
}

describe('listLive', () => {
  it('keeps a run from its start until it is long, for a page to come', () => {
    const { apps, grow, counts } = given()
    grow(19_999)
    expect(apps.infos()).toHaveLength(1)
    grow(1)
    expect(apps.infos()).toEqual([])
    expect(counts()).toEqual([1, 1])
  })

  it('lists it again for the page that comes, from then on', () => {
    const { apps, watchers, grow, counts } = given()
    grow(30_000)
    const page = new EventEmitter()
    watchers.add(page as WebSocket)
    expect(apps.infos()).toMatchObject([{ id: 'run', firstSeq: 30_000 }])
    grow(30_000)
    page.emit('close')
    // A page that is loaded again finds what it showed.
    grow(1)
    expect(apps.infos()).toHaveLength(1)
    expect(counts()).toEqual([2, 1])
  })

  it('ends with the inspector', () => {
    const { apps, end, counts } = given()
    end()
    expect(apps.infos()).toEqual([])
    expect(counts()).toEqual([1, 1])
  })
})
