import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { createJsonLogWriter } from '../../../src/cli/steer/log-writer.ts'

describe('createJsonLogWriter', () => {
  it('gives each line with the attempt that wrote it', async () => {
    const output = new PassThrough()
    const writer = createJsonLogWriter('t', 'stdout', output)
    writer.begin(2)
    await writer.write(Buffer.from('whole\nbegun'))
    writer.begin(3)
    await writer.write(Buffer.from('again\n'))
    await writer.end()
    output.end()
    const events = (await text(output))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(events).toMatchObject([
      { event: 'task.output', attempt: 2, text: 'whole\n' },
      { event: 'task.output', attempt: 2, text: 'begun' },
      { event: 'task.output', attempt: 3, text: 'again\n' },
      { event: 'logs.summary', attempt: 3, bytes: 17 },
    ])
  })

  it('names the attempt that wrote nothing', async () => {
    const output = new PassThrough()
    const writer = createJsonLogWriter('t', 'stderr', output)
    writer.begin(2)
    await writer.end()
    output.end()
    expect(JSON.parse(await text(output))).toMatchObject({ attempt: 2, bytes: 0 })
  })
})
