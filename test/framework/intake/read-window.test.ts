import { describe, expect, it } from 'vitest'
import { createReadWindow, readBounds } from '../../../src/framework/intake/read-window.ts'

/** A window whose room is open (true) or not, looked at in turns of the event loop. */
function given() {
  const progress = { taken: 0, applied: 0 }
  const window = createReadWindow(() => progress)
  let isOpen = true
  const read = (bytes: number) => {
    const room = window.readOn(bytes)
    isOpen = room === undefined
    void room?.then(() => (isOpen = true))
  }
  const look = async () => {
    await Promise.resolve()
    return isOpen
  }
  return { progress, window, read, look }
}

describe('createReadWindow', () => {
  it('stops at too many entries, and continues at half', async () => {
    const { progress, window, read, look } = given()
    progress.taken = readBounds.entries
    read(1)
    expect(await look()).toBe(true)
    progress.taken += 1
    read(1)
    expect(await look()).toBe(false)
    progress.applied = readBounds.entries / 2
    window.settle()
    expect(await look()).toBe(false)
    progress.applied += 1
    window.settle()
    expect(await look()).toBe(true)
  })

  it('stops at too many bytes that are not applied', async () => {
    const { progress, window, read, look } = given()
    read(readBounds.bytes * 2)
    expect(await look()).toBe(true)
    progress.taken = 1
    read(readBounds.bytes + 1)
    expect(await look()).toBe(false)
    progress.applied = 1
    window.settle()
    expect(await look()).toBe(true)
  })

  it('stops while too many calls wait for their answers', async () => {
    const { window, read, look } = given()
    for (let call = 0; call <= readBounds.calls; call++) window.callBegan()
    read(1)
    expect(await look()).toBe(false)
    for (let call = 0; call <= readBounds.calls / 2; call++) window.callEnded()
    expect(await look()).toBe(true)
  })

  it('calls back in order once earlier entries are applied', () => {
    const { progress, window } = given()
    const heard: string[] = []
    window.after(() => heard.push('at once'))
    progress.taken = 1
    window.after(() => heard.push('first'))
    window.after(() => heard.push('second'))
    expect(heard).toEqual(['at once'])
    progress.applied = 1
    window.settle()
    expect(heard).toEqual(['at once', 'first', 'second'])
  })
})
