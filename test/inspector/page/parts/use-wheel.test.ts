import { h, render } from 'preact'
import { act } from 'preact/test-utils'
import { describe, expect, it } from 'vitest'
import { useWheel } from '../../../../src/inspector/page/parts/use-wheel.ts'

/** A component that draws nothing, on a parent that is never asked for more. */
function setUp() {
  const box = { current: new EventTarget() as HTMLElement }
  let turns = 0
  function Turned() {
    useWheel(box, () => (turns += 1))
    return null
  }
  const parent = { childNodes: [] } as unknown as HTMLElement
  return {
    draw: () => act(() => render(h(Turned, {}), parent)),
    remove: () => act(() => render(null, parent)),
    turn: () => {
      const event = new Event('wheel', { cancelable: true })
      box.current.dispatchEvent(event)
      return event
    },
    turns: () => turns,
  }
}

describe('useWheel', () => {
  it('hears each turn once, however often it was drawn', async () => {
    const { draw, turn, turns } = setUp()
    for (let times = 0; times < 3; times += 1) await draw()
    expect(turn().defaultPrevented).toBe(true)
    expect(turns()).toBe(1)
  })

  it('hears nothing once its component is gone', async () => {
    const { draw, remove, turn, turns } = setUp()
    await draw()
    await remove()
    expect(turn().defaultPrevented).toBe(false)
    expect(turns()).toBe(0)
  })
})
