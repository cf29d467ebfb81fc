import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../src/framework/intake/turns.ts'

describe('createTurns', () => {
  it('runs work at once while none is pending', () => {
    const turns = createTurns()
    const done: number[] = []
    turns.run(() => void done.push(1))
    turns.run(() => void done.push(2))
    expect([done, turns.pending]).toEqual([[1, 2], undefined])
  })

  it('keeps the order behind work that takes time', async () => {
    const turns = createTurns()
    const done: number[] = []
    const work = (value: number) => () => Promise.resolve().then(() => void done.push(value))
    turns.run(work(1))
    turns.run(() => void done.push(2))
    turns.run(work(3))
    expect(done).toEqual([])
    await turns.pending
    expect([done, turns.pending]).toEqual([[1, 2, 3], undefined])
    turns.run(() => void done.push(4))
    expect(done).toHaveLength(4)
  })
})
