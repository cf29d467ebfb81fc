import { signal } from '@preact/signals'
import { describe, expect, it } from 'vitest'
import type { Page } from '../../../../src/inspector/page/state/page.ts'
import { createPlayer } from '../../../../src/inspector/page/timeline/player.ts'
import { appInfo, settle } from '../support.ts'

/** A run with an entry at each of these times, and a reader's clock that is moved by hand. */
function setUp(times: readonly number[]) {
  const seq = signal(0)
  const asked: string[] = []
  const page = {
    seq,
    app: signal(appInfo({ lastSeq: times.length - 1 })),
    go: (next: number) => (seq.value = next),
    askApp: async (name: string, params: { from: number; count: number; now: number }) => {
      asked.push(name)
      return name === 'at'
        ? { seq: times.findLastIndex((time) => time <= params.now) }
        : times.slice(params.from, params.from + params.count).map((now) => ({ now }))
    },
  } as unknown as Page
  let now = 0
  const waiting: ((now: number) => void)[] = []
  const player = createPlayer(page, () => new Promise((resolve) => waiting.push(resolve)))
  /** Lets so many ms of the reader pass, in frames of 50 ms. */
  const pass = async (ms: number) => {
    for (const end = now + ms; now < end;) {
      now += 50
      waiting.splice(0).forEach((resolve) => resolve(now))
      await settle()
    }
  }
  const start = async () => {
    player.toggle()
    await settle()
    waiting.splice(0).forEach((resolve) => resolve(now))
    await settle()
  }
  /** Frames that are waited for. */
  const frames = () => waiting.length
  return { player, seq, asked, frames, start, pass }
}

const second = Array.from({ length: 11 }, (_, index) => index * 100)

describe('createPlayer', () => {
  it('plays at the pace of the run', async () => {
    const { player, seq, start, pass } = setUp(second)
    player.speed.value = 1
    await start()
    await pass(500)
    expect(seq.value).toBe(5)
    await pass(600)
    expect([seq.value, player.isPlaying.value]).toEqual([10, false])
  })

  it('passes many entries in a frame at 1,000 times the pace', async () => {
    const { player, seq, start, pass } = setUp(Array.from({ length: 1000 }, (_, at) => at * 500))
    player.speed.value = 1000
    await start()
    await pass(50)
    expect(seq.value).toBe(100)
  })

  it('skips idle time', async () => {
    const { player, seq, start, pass } = setUp([0, 100, 3_600_100, 3_600_200])
    player.speed.value = 1
    await start()
    await pass(600)
    expect(seq.value).toBe(3)
  })

  it('goes on from where the reader went', async () => {
    const { player, seq, start, pass } = setUp(second)
    player.speed.value = 1
    await start()
    await pass(100)
    seq.value = 7
    await pass(150)
    expect(seq.value).toBe(8)
  })

  it('pauses, and starts again from the beginning after the end', async () => {
    const { player, seq, start, pass } = setUp(second)
    player.speed.value = 1
    await start()
    await pass(200)
    player.toggle()
    await pass(500)
    expect([seq.value, player.isPlaying.value]).toEqual([2, false])
    seq.value = 10
    await start()
    expect(seq.value).toBe(0)
  })

  it('plays once, however fast it is paused and started again', async () => {
    const { player, seq, frames, start, pass } = setUp(second)
    player.speed.value = 1
    player.toggle()
    player.toggle()
    await start()
    await pass(300)
    expect([seq.value, frames()]).toEqual([3, 1])
  })

  it('asks nothing while it waits for the next entry', async () => {
    const { player, asked, start, pass } = setUp([0, 700, 800])
    player.speed.value = 1
    await start()
    await pass(600)
    expect(asked).toEqual(['rows'])
  })

  it('has speeds from 1 to 1,000', () => {
    const { player } = setUp(second)
    for (let press = 0; press < 20; press += 1) player.change(1)
    expect(player.speed.value).toBe(1000)
    for (let press = 0; press < 20; press += 1) player.change(-1)
    expect(player.speed.value).toBe(1)
  })
})
