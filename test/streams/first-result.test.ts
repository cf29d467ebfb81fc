import { EMPTY, NEVER, Subject, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { firstResult } from '../../src/streams/first-result.ts'

describe('firstResult', () => {
  it('subscribes before it asks, and resolves with the first result', async () => {
    const result = new Subject<number>()
    const asked = firstResult(result, async () => {
      result.next(1)
      result.next(2)
    })
    expect(await asked).toBe(1)
    expect(result.observed).toBe(false)
  })

  it('waits for the result after asking has ended', async () => {
    const result = new Subject<number>()
    const asked = firstResult(result, () => EMPTY)
    result.next(3)
    expect(await asked).toBe(3)
  })

  it('rejects with the error of either, and ends the other', async () => {
    const error = new Error('no')
    await expect(
      firstResult(
        throwError(() => error),
        () => NEVER,
      ),
    ).rejects.toBe(error)
    const result = new Subject<number>()
    await expect(firstResult(result, () => Promise.reject(error))).rejects.toBe(error)
    expect(result.observed).toBe(false)
    const broken = () => {
      throw error
    }
    await expect(firstResult(NEVER, broken)).rejects.toBe(error)
  })

  it('does not ask if the result is there already', async () => {
    let count = 0
    const ask = () => of(count++)
    expect(await firstResult(of(1), ask)).toBe(1)
    expect(count).toBe(0)
  })
})
