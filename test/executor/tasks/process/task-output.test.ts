import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLogTail } from '../../../../src/executor/tasks/process/log-tail.ts'
import { createOutputRecord } from '../../../../src/executor/tasks/process/task-output.ts'
import type { OutputRecord } from '../../../../src/executor/tasks/process/task-output.ts'

const large = Buffer.alloc(500_000, 'x')

let sandbox: string
let source: PassThrough
let record: OutputRecord

beforeEach(async () => {
  sandbox = await mkdtemp(join(tmpdir(), 'jarcast-output-'))
  source = new PassThrough()
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  record = createOutputRecord(source, {
    name: 'stdout',
    shared: nowhere as unknown as NodeJS.WriteStream,
    tail: createLogTail(10),
    sandbox,
    taskId: 't',
  })
})
afterEach(() => rm(sandbox, { recursive: true }))

describe('createOutputRecord', () => {
  it('pauses its source while the file is full, but not after its end', async () => {
    record.push(large)
    expect(source.isPaused()).toBe(true)
    const ended = record.end()
    expect(source.isPaused()).toBe(false)
    await ended
    expect(source.isPaused()).toBe(false)
    expect(large.equals(await readFile(join(sandbox, 'tasks/t/stdout')))).toBe(true)
  })

  it('does not pause its source if no file can be written', async () => {
    await writeFile(join(sandbox, 'tasks'), 'no folder')
    record.push(large)
    await record.end()
    expect(source.isPaused()).toBe(false)
  })

  it('writes no file for a task that writes nothing', async () => {
    await record.end()
    await expect(readFile(join(sandbox, 'tasks/t/stdout'))).rejects.toThrow('ENOENT')
  })
})
