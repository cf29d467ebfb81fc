import { describe, expect, it } from 'vitest'
import { createSocketSource } from '../../../../src/inspector/page/source/socket-source.ts'
import type { Connection } from '../../../../src/inspector/page/source/source.ts'
import { pageProtocolVersion } from '../../../../src/inspector/protocol/questions.ts'
import { appInfo } from '../support.ts'

function setUp() {
  const sockets: {
    sent: { id: number; ask: string }[]
    say: (message: unknown) => void
    end: (code?: number) => void
  }[] = []
  const waits: { ms: number; callback: () => void }[] = []
  const source = createSocketSource({
    connect: (on) => {
      const sent: { id: number; ask: string }[] = []
      const end = (code = 1006) => on.close(code)
      sockets.push({ sent, say: (message) => on.message(JSON.stringify(message)), end })
      return { send: (text) => sent.push(JSON.parse(text) as never), close: end }
    },
    wait: (ms, callback) => waits.push({ ms, callback }),
  })
  const states: Connection[] = []
  let apps: readonly string[] = []
  source.onConnection((state) => states.push(state))
  source.onApps((next) => (apps = next.map(({ id }) => id)))
  const greet = (version = pageProtocolVersion) =>
    sockets.at(-1)?.say({ push: 'hello', version, apps: [appInfo()] })
  return { source, sockets, waits, states, apps: () => apps, greet }
}

describe('createSocketSource', () => {
  it('asks after the greeting, and answers by id', async () => {
    const { source, sockets, greet } = setUp()
    const first = source.ask('app', 'at', { now: 1 })
    const second = source.ask('app', 'at', { now: 2 })
    expect(sockets[0]?.sent).toEqual([])
    greet()
    const [a, b] = sockets[0]?.sent ?? []
    sockets[0]?.say({ id: b?.id, answer: { seq: 22 } })
    sockets[0]?.say({ id: a?.id, error: { code: 'NOT_FOUND', message: 'gone' } })
    await expect(second).resolves.toEqual({ seq: 22 })
    await expect(first).rejects.toMatchObject({ code: 'NOT_FOUND', message: 'gone' })
  })

  it('connects again, later each time, and asks again', async () => {
    const { source, sockets, waits, states, greet } = setUp()
    greet()
    const answer = source.ask('app', 'at', { now: 1 })
    for (let time = 0; time < 7; time += 1) {
      sockets.at(-1)?.end()
      waits.at(-1)?.callback()
    }
    expect(waits.map(({ ms }) => ms)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000])
    greet()
    const [again] = sockets.at(-1)?.sent ?? []
    sockets.at(-1)?.say({ id: again?.id, answer: { seq: 7 } })
    await expect(answer).resolves.toEqual({ seq: 7 })
    expect([states.slice(0, 3), states.at(-1)]).toEqual([['waiting', 'live', 'waiting'], 'live'])
  })

  it('asks for no command twice', async () => {
    const { source, sockets, waits, greet } = setUp()
    greet()
    const done = source.ask('app', 'control', { command: { kind: 'revive' } })
    sockets[0]?.end()
    await expect(done).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    waits[0]?.callback()
    greet()
    expect(sockets[1]?.sent).toEqual([])
  })

  it('asks nothing again that a server refused', async () => {
    const { source, sockets, waits, greet } = setUp()
    greet()
    const answer = source.ask('app', 'rows', { from: 0, count: 1e9 })
    sockets[0]?.end(1008)
    await expect(answer).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    waits[0]?.callback()
    greet()
    expect(sockets[1]?.sent).toEqual([])
  })

  it('has 32 questions under way, then asks the newest first', () => {
    const { source, sockets, greet } = setUp()
    greet()
    for (let now = 0; now < 40; now += 1) void source.ask('app', 'at', { now })
    const sent = sockets[0]?.sent ?? []
    expect(sent).toHaveLength(32)
    sockets[0]?.say({ id: sent[0]?.id, answer: { seq: 1 } })
    expect(sent.slice(32)).toMatchObject([{ params: { now: 39 } }])
  })

  it('stays away from a server of another version', () => {
    const { sockets, waits, states, greet } = setUp()
    greet(pageProtocolVersion + 1)
    expect(states.at(-1)).toBe('outdated')
    expect([sockets.length, waits.length]).toEqual([1, 0])
  })

  it('shows nothing and dials no more where its token is missing', () => {
    const { sockets, waits, states, apps, greet } = setUp()
    greet()
    sockets[0]?.end(4401)
    expect(states.at(-1)).toBe('locked')
    expect(apps()).toEqual([])
    expect([sockets.length, waits.length]).toEqual([1, 0])
  })

  it('knows apps that come, change and go', () => {
    const { sockets, apps, greet } = setUp()
    greet()
    sockets[0]?.say({ push: 'apps', apps: [appInfo({ id: 'b' }), appInfo({ lastSeq: 7 })] })
    expect(apps()).toEqual(['app', 'b'])
    sockets[0]?.say({ push: 'gone', app: 'app' })
    expect(apps()).toEqual(['b'])
  })

  it('ignores answers without a question', () => {
    const { sockets, greet } = setUp()
    greet()
    expect(() => sockets[0]?.say({ id: 77, answer: 1 })).not.toThrow()
  })
})
