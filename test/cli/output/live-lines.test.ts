import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLiveLines } from '../../../src/cli/output/live-lines.ts'
import { openTerminal } from '../../../src/cli/output/terminal.ts'

function fakeTerminal() {
  const written: string[] = []
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
  stream.on('data', (chunk: Buffer) => written.push(String(chunk)))
  return { terminal: openTerminal(stream, { TERM: 'xterm', NO_COLOR: '1' }), written }
}

describe('openLiveLines', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('draws at most ten times a second, and each second without a change', () => {
    const { terminal } = fakeTerminal()
    const draw = vi.fn(() => ['line'])
    const lines = openLiveLines(terminal, draw)
    for (let time = 0; time < 1000; time += 1) {
      lines.changed()
      vi.advanceTimersByTime(1)
    }
    expect(draw).toHaveBeenCalledTimes(10)
    vi.advanceTimersByTime(5000)
    expect(draw.mock.calls.length).toBeLessThanOrEqual(15)
    expect(draw.mock.calls.length).toBeGreaterThanOrEqual(14)
    lines.close()
  })

  it('prints above the lines, and leaves both at its end', () => {
    const { terminal, written } = fakeTerminal()
    const lines = openLiveLines(terminal, () => ['live'])
    lines.print('one')
    lines.print('two')
    vi.advanceTimersByTime(100)
    lines.print('three')
    lines.close()
    const text = written.join('')
    expect(text.indexOf('one\ntwo\n')).toBeLessThan(text.indexOf('live'))
    expect(text.indexOf('three')).toBeLessThan(text.lastIndexOf('live'))
    expect(text.endsWith('\u001b[?25h')).toBe(true)
    lines.print('late')
    expect(written.join('').endsWith('late\n')).toBe(true)
  })

  it('tells when a line is written, also at its end and after it', async () => {
    const { terminal, written } = fakeTerminal()
    const lines = openLiveLines(terminal, () => ['live'])
    const first = lines.write('one')
    vi.advanceTimersByTime(100)
    await first
    expect(written.join('')).toContain('one\n')
    const second = lines.write('two')
    lines.close()
    await second
    await lines.write('late')
    expect(written.join('').endsWith('late\n')).toBe(true)
  })

  it('hides no cursor where it has nothing to show', () => {
    const { terminal, written } = fakeTerminal()
    const lines = openLiveLines(terminal, () => [])
    lines.print('one')
    lines.close()
    expect(written.join('')).toBe('one\n')
  })
})
