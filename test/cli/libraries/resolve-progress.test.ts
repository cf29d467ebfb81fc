import pc from 'picocolors'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createResolveProgress } from '../../../src/cli/libraries/resolve-progress.ts'
import type { Terminal } from '../../../src/cli/output/terminal.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createResolveProgress', () => {
  it('prints a sign of life in a pipe, after each 10 s without a line', () => {
    const lines: string[] = []
    const terminal = {
      isInteractive: false,
      colours: pc,
      print: (text: string) => lines.push(text),
    } as unknown as Terminal
    const progress = createResolveProgress(terminal)
    vi.advanceTimersByTime(9_999)
    expect(lines).toEqual([])
    vi.advanceTimersByTime(1)
    expect(lines).toEqual(['resolving packages: 10 s'])
    progress.showResolving({ pomsRead: 3 })
    progress.showFetching({ package: 'npm:a@1', fetchedBytes: 5, sizeBytes: 5 })
    vi.advanceTimersByTime(10_000)
    expect(lines.slice(1)).toEqual(['fetched npm:a@1, 5 B'])
    vi.advanceTimersByTime(10_000)
    expect(lines.slice(2)).toEqual(['resolving packages: 30 s, 3 POMs read'])
    progress.close()
    vi.advanceTimersByTime(60_000)
    expect(lines).toHaveLength(3)
  })
})
