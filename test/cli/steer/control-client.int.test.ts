import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectControl } from '../../../src/cli/steer/control-client.ts'

let folder = ''
let path = ''
let server: Server | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-control-'))
  path = join(folder, 'control.sock')
})

afterEach(async () => {
  server?.closeAllConnections()
  await new Promise((resolve) => (server === undefined ? resolve(0) : server.close(resolve)))
  server = undefined
  await rm(folder, { recursive: true })
})

type Answers = Readonly<Record<string, (response: ServerResponse) => void>>

/** A run that answers these questions, and is silent about others. */
async function listen(answers: Answers): Promise<void> {
  server = createServer(({ url = '' }: IncomingMessage, response) => answers[url]?.(response))
  await new Promise<void>((resolve) => server?.listen(path, resolve))
}

const ok = (response: ServerResponse) => void response.end('{}')
const silent = {
  code: 'CONTROL_FAILED',
  message: expect.stringContaining('has not answered for 0.2 s') as string,
}

describe('connectControl', () => {
  it('finds no run where nobody listens', async () => {
    expect(await connectControl(path)).toBeUndefined()
  })

  it('does not wait for a process that is stopped, nor take it for one that is gone', async () => {
    await listen({})
    await expect(connectControl(path, { timeoutMs: 200 })).rejects.toMatchObject(silent)
  })

  it('gives up an answer that stops half-way', async () => {
    await listen({
      '/status': ok,
      '/tasks': (response) => void response.writeHead(200).write('{"id":"a"}\n{"id'),
    })
    const run = await connectControl(path, { timeoutMs: 200 })
    await expect(run?.tasks()).rejects.toMatchObject(silent)
    run?.close()
  })

  it('waits for a stop that takes longer than other answers, while the run answers', async () => {
    await listen({
      '/status': ok,
      '/stop': (response) => void setTimeout(() => response.end('{}'), 600),
    })
    const run = await connectControl(path, { timeoutMs: 200, askEveryMs: 50 })
    await run?.stop('drain')
    run?.close()
  })

  it('gives up a stop of a run that answers nothing more', async () => {
    let count = 0
    await listen({ '/status': (response) => (count += 1) < 3 && ok(response) })
    const run = await connectControl(path, { timeoutMs: 200, askEveryMs: 50 })
    await expect(run?.stop('drain')).rejects.toMatchObject(silent)
    run?.close()
  })
})
