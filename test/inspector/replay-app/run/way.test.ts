import { describe, expect, it, vi } from 'vitest'
import { createWay } from '../../../../src/inspector/replay-app/run/way.ts'

describe('createWay', () => {
  it('tells how much is done, until it is', async () => {
    const onChange = vi.fn()
    const way = createWay(onChange)
    let finish = (): void => undefined
    const going = way.go(async (onPart) => {
      onPart(0.25)
      expect(way.part).toBe(0.25)
      way.follow(() => 0.5)
      await new Promise<void>((resolve) => (finish = resolve))
    })
    expect(way.part).toBe(0.5)
    finish()
    await going
    expect(way.part).toBeUndefined()
    expect(onChange).toHaveBeenCalledTimes(3)
  })

  it('says nothing of a way that is short', async () => {
    const onChange = vi.fn()
    await createWay(onChange).go(() => Promise.resolve())
    expect(onChange).not.toHaveBeenCalled()
  })

  it('is about the newest way, and forgets one that fails', async () => {
    const way = createWay(() => undefined)
    const tell: ((part: number) => void)[] = []
    const first = way.go((onPart) => (tell.push(onPart), Promise.resolve()))
    const second = way.go(async (onPart) => {
      onPart(0.7)
      tell[0]?.(0.1)
      expect(way.part).toBe(0.7)
      await Promise.reject(new Error('gone'))
    })
    await first
    await expect(second).rejects.toThrow('gone')
    expect(way.part).toBeUndefined()
  })
})
