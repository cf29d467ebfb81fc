import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ExecutorMessage } from '../../../src/domain/tasks/executor-message.ts'
import { FetchProgress } from '../../../src/executor/libraries/fetch-progress.ts'

const sha256 = 'f'.repeat(64)

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

function start() {
  const messages: ExecutorMessage[] = []
  const library = { name: 'a.jar', sha256, sizeBytes: 1000, kind: 'jar' as const }
  const progress = new FetchProgress(library, (message) => messages.push(message))
  progress.startAttempt()
  return { progress, messages }
}

describe('FetchProgress', () => {
  it('reports the bytes on disk, at most every half second', () => {
    const { progress, messages } = start()
    progress.hold(10)
    vi.advanceTimersByTime(500)
    progress.hold(20)
    progress.hold(30)
    expect(messages).toEqual([
      { type: 'library.fetching', name: 'a.jar', sha256, receivedBytes: 20, sizeBytes: 1000 },
    ])
  })

  it('counts the bytes of an attempt, without earlier and dropped ones', () => {
    const { progress } = start()
    progress.hold(600)
    progress.hold(700)
    progress.hold(0)
    progress.hold(50)
    expect(progress.receivedBytes).toBe(1 + 100 + 0 + 50)
    progress.startAttempt()
    expect(progress.receivedBytes).toBe(0)
  })

  it('reports a place at once, with the bytes of earlier attempts', () => {
    const { progress, messages } = start()
    progress.hold(600)
    progress.startAttempt()
    progress.queue(7)
    expect(messages).toMatchObject([{ receivedBytes: 600, place: 7 }])
  })
})
