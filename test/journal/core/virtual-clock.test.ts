import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../../src/journal/core/virtual-clock.ts'

describe('createVirtualClock', () => {
  it('fires in the order of deadlines, and what is set meanwhile from now on', () => {
    const clock = createVirtualClock(0)
    const fired: string[] = []
    clock.setTimeout(() => {
      fired.push('b')
      clock.setTimeout(() => fired.push('later'), 5)
      clock.setTimeout(() => fired.push('at once'), 0)
    }, 20)
    clock.setTimeout(() => fired.push('a'), 10)
    clock.advanceTo(100)
    expect(fired).toEqual(['a', 'b'])
    expect(clock.nextDue()).toBe(100)
    clock.advanceTo(100)
    expect(fired).toEqual(['a', 'b', 'at once'])
    expect(clock.nextDue()).toBe(105)
    clock.advanceTo(50)
    expect(clock.now()).toBe(100)
  })

  it('lets a timer call off another that is due with it', () => {
    const clock = createVirtualClock(0)
    const fired: string[] = []
    const second = { id: 0 }
    clock.setTimeout(() => {
      fired.push('first')
      clock.clearTimeout(second.id)
    }, 1)
    second.id = clock.setTimeout(() => fired.push('second'), 2)
    clock.advanceTo(10)
    expect(fired).toEqual(['first'])
  })
})
