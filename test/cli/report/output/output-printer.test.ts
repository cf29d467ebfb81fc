import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createOutputPrinter } from '../../../../src/cli/report/output/output-printer.ts'
import type { OutputPrinterOptions } from '../../../../src/cli/report/output/output-printer.ts'
import { openTerminal } from '../../../../src/cli/output/terminal.ts'

function createStreams({ isTTY = false } = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY })
  const stderr = Object.assign(new PassThrough(), { isTTY })
  return { stdout, stderr, terminal: openTerminal(stdout, { NO_COLOR: '1', TERM: 'xterm' }) }
}

function open(streams: ReturnType<typeof createStreams>, more: Partial<OutputPrinterOptions> = {}) {
  const { terminal, stderr } = streams
  const print = createOutputPrinter({
    terminal,
    stderr: stderr as unknown as NodeJS.WriteStream,
    live: undefined,
    hasPrefix: true,
    ...more,
  })
  return async (taskId: string, name: 'stdout' | 'stderr', bytes: string | Buffer) =>
    await print({ taskId, attempt: 1, name, bytes: Buffer.from(bytes) })
}

const textOf = (stream: PassThrough) => String(stream.read() ?? '')

describe('createOutputPrinter', () => {
  it('prints lines behind their task, stdout and stderr apart', async () => {
    const streams = createStreams()
    const print = open(streams)
    await print('count', 'stdout', 'one\ntwo\n')
    await print('serve', 'stderr', 'oops')
    expect(textOf(streams.stdout)).toBe('[count] one\n[count] two\n')
    expect(textOf(streams.stderr)).toBe('[serve] oops\n')
  })

  it('prints the lines of a single task as they are', async () => {
    const streams = createStreams()
    await open(streams, { hasPrefix: false })('only', 'stdout', 'one\n\ntwo\n')
    expect(textOf(streams.stdout)).toBe('one\n\ntwo\n')
  })

  it('leaves bytes alone where nothing can be steered, and tames them on a terminal', async () => {
    const bytes = Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff, 0x0d, 0x61, 0x0a])
    const piped = createStreams()
    await open(piped)('t', 'stdout', bytes)
    expect(piped.stdout.read()).toEqual(Buffer.concat([Buffer.from('[t] '), bytes]))
    const shown = createStreams({ isTTY: true })
    await open(shown)('t', 'stdout', bytes)
    expect(textOf(shown.stdout)).toBe('[t] \ufffda\n')
  })

  it('prints above lines that change, stderr too', async () => {
    const streams = createStreams({ isTTY: true })
    const written: string[] = []
    const live = { write: (text: string) => Promise.resolve(void written.push(text)) }
    const print = open(streams, { live })
    await print('a', 'stdout', 'one\n')
    await print('a', 'stderr', 'two\n')
    expect(written).toEqual(['[a] one', '[a] two'])
    expect(textOf(streams.stdout) + textOf(streams.stderr)).toBe('')
  })

  it('says when the reader has left', async () => {
    const streams = createStreams()
    streams.stdout.on('error', () => undefined).destroy()
    expect(await open(streams)('a', 'stdout', 'one\n')).toBe(false)
    expect(await open(streams)('a', 'stderr', 'one\n')).toBe(true)
  })
})
