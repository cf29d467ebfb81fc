import { describe, expect, it } from 'vitest'
import { LibraryBars } from '../../../../src/cli/report/live/library-bars.ts'

const MB = 1_000_000

describe('LibraryBars', () => {
  it('tells the size of a download, its rate, and the time that is left', () => {
    const bars = new LibraryBars()
    const show = (doneBytes: number, at: number) =>
      bars.show('S1 a', { label: 'east a.jar', doneBytes, sizeBytes: 100 * MB, at })
    show(0, 0)
    expect(bars.bars(5)[0]?.figure).toBe('100.0 MB')
    show(20 * MB, 1000)
    expect(bars.bars(5)[0]?.figure).toBe('100.0 MB, 20.0 MB/s, 4 s left')
    show(100 * MB, 5000)
    expect(bars.bars(5)[0]?.figure).toBe('100.0 MB')
  })

  it('rounds the rate of a slow download', () => {
    const bars = new LibraryBars()
    for (const [doneBytes, at] of [
      [0, 0],
      [1000, 3000],
    ] as const)
      bars.show('a', { label: 'a', doneBytes, sizeBytes: 2000, at })
    expect(bars.bars(5)[0]?.figure).toBe('2.0 kB, 333 B/s, 3 s left')
  })

  it('begins again after a corrupted download', () => {
    const bars = new LibraryBars()
    bars.show('a', { label: 'a', doneBytes: 5, sizeBytes: 5, at: 0 })
    bars.restart('a')
    expect(bars.bars(5)).toMatchObject([{ progress: { done: 0, total: 5 } }])
  })

  it('shows downloads under way before those that ended', () => {
    const bars = new LibraryBars()
    bars.show('old', { label: 'old', doneBytes: 5, sizeBytes: 5, at: 0 })
    bars.show('older', { label: 'older', doneBytes: 5, sizeBytes: 5, at: 0, note: 'cached' })
    bars.show('new', { label: 'new', doneBytes: 1, sizeBytes: 5, at: 0 })
    expect(bars.bars(2).map(({ label }) => label)).toEqual(['new', 'older'])
    expect(bars.bars(1).map(({ label }) => label)).toEqual(['new'])
  })
})
