import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { closeBars, openBars } from '../../../src/cli/output/multi-bar.ts'
import { createPackageBars } from '../../../src/cli/output/package-bars.ts'
import { openTerminal } from '../../../src/cli/output/terminal.ts'

describe('createPackageBars', () => {
  it('shows what was read, and all that is fetched as one', () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 120 })
    const written: string[] = []
    stream.on('data', (chunk: Buffer) => written.push(String(chunk)))
    const bars = openBars(openTerminal(stream, { TERM: 'xterm', NO_COLOR: '1' }))
    const packages = createPackageBars(bars)
    packages.showResolving({ pomsRead: 1 })
    packages.showResolving({ pomsRead: 12 })
    packages.showFetching({ package: 'maven:g:a:1', fetchedBytes: 1 })
    packages.showFetching({ package: 'maven:g:a:1', fetchedBytes: 5000, sizeBytes: 10_000 })
    packages.showFetching({ package: 'maven:g:b:1', fetchedBytes: 10_000, sizeBytes: 10_000 })
    closeBars(bars)
    const shown = written.join('')
    expect(shown).toContain('12 POMs read')
    expect(shown).toContain('15.0 kB of 20.0 kB, 2 packages')
  })
})
