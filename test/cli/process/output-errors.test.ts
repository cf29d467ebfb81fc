import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { watchOutputs } from '../../../src/cli/process/output-errors.ts'
import { onStopSignal } from '../../../src/cli/process/stop-signals.ts'

function createOutputs() {
  const stdout = new PassThrough({ encoding: 'utf8' })
  const stderr = new PassThrough({ encoding: 'utf8' })
  // @ts-expect-error A PassThrough is no WriteStream, but has what is used of one.
  return { stdout, stderr, hasFailed: watchOutputs(stdout, stderr) }
}

function failWith(stream: PassThrough, code: string): void {
  stream.emit('error', Object.assign(new Error(`${code}: sorry`), { code }))
}

describe('watchOutputs', () => {
  it('reports an error once, on the other stream, and stops', () => {
    const { stdout, stderr, hasFailed } = createOutputs()
    const signals: string[] = []
    const ignore = onStopSignal((signal) => signals.push(signal))
    failWith(stdout, 'ENOSPC')
    failWith(stdout, 'ENOSPC')
    ignore()
    expect(stderr.read()).toBe('jarcast: stdout cannot be written: ENOSPC: sorry\n')
    expect(signals).toEqual(['SIGTERM'])
    expect(hasFailed()).toBe(true)
  })

  it('has nowhere to report when both are broken', () => {
    const { stdout, stderr } = createOutputs()
    failWith(stderr, 'ENOSPC')
    expect(stdout.read()).toContain('stderr cannot be written')
    failWith(stdout, 'ENOSPC')
    expect(stderr.read()).toBeNull()
  })

  it('is silent about readers that went away', () => {
    const { stdout, stderr, hasFailed } = createOutputs()
    failWith(stdout, 'EPIPE')
    failWith(stderr, 'EIO')
    expect(hasFailed()).toBe(false)
    expect(stderr.read()).toBeNull()
  })
})
