import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { mkdtemp, realpath, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentOf, gone } from '../../support/harness.ts'
import { probe } from '../../../../src/executor/tasks/probes/probe.ts'
import type { ProbeTarget } from '../../../../src/executor/tasks/probes/probe.ts'

async function look(target: ProbeTarget, signal = new AbortController().signal) {
  const sandbox = await realpath(await mkdtemp(join(tmpdir(), 'jarcast-probe-')))
  try {
    return await probe(target, { sandbox, environment: { A: '1', PWD_WANTED: sandbox }, signal })
  } finally {
    await rm(sandbox, { recursive: true })
  }
}

async function serving<T>(
  listener: RequestListener,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

describe('probe', () => {
  it('returns the exit status of a command in the sandbox, with the variables of the task', async () => {
    const value = 'test "$A$B" = 12 && test "$PWD" = "$PWD_WANTED" && exit 7'
    const environment = { variables: [{ name: 'B', value: '2' }] }
    expect(await look({ command: { value, environment } })).toEqual({
      type: 'COMMAND',
      command: { exitCode: 7 },
    })
  })

  it('runs a command without a shell', async () => {
    const command = { shell: false, value: 'test', arguments: ['test', '$A', '=', '$A'] }
    expect(await look({ command })).toMatchObject({ command: { exitCode: 0 } })
  })

  it('rejects when a command is killed, and kills its child processes', async () => {
    const controller = new AbortController()
    const file = join(tmpdir(), `jarcast-probe-${randomUUID()}`)
    const value = `sleep 1000 & echo $! > ${file}; wait`
    const looking = look({ command: { value } }, controller.signal)
    const ended = expect(looking).rejects.toThrow('SIGKILL')
    const pid = Number(await contentOf(file))
    await rm(file)
    controller.abort()
    await ended
    await gone(pid)
  })

  it('does not start after an abort', async () => {
    await expect(look({ command: { value: 'true' } }, AbortSignal.abort())).rejects.toThrow('abort')
  })

  it('returns the status of an HTTP response, after redirects', async () => {
    const paths: (string | undefined)[] = []
    const status = await serving(
      ({ url }, response) => {
        paths.push(url)
        if (url === '/') response.writeHead(302, { location: '/next' }).end()
        else response.writeHead(503).end('busy')
      },
      (port) => look({ http: { port } }),
    )
    expect(status).toEqual({ type: 'HTTP', http: { statusCode: 503 } })
    expect(paths).toEqual(['/', '/next'])
  })

  it('rejects without an answer, and after endless redirects', async () => {
    const port = await serving(
      () => undefined,
      (port) => Promise.resolve(port),
    )
    await expect(look({ http: { port } })).rejects.toThrow('ECONNREFUSED')
    await serving(
      (_, response) => void response.writeHead(302, { location: '/' }).end(),
      async (port) => {
        await expect(look({ http: { port } })).rejects.toThrow('redirected too often')
      },
    )
  })

  it('stays on this host for any path', async () => {
    const paths: (string | undefined)[] = []
    await serving(
      ({ url }, response) => {
        paths.push(url)
        response.end()
      },
      async (port) => {
        await look({ http: { port, path: '//other.example/x' } })
        await look({ http: { port, path: '@other.example' } })
      },
    )
    expect(paths).toEqual(['//other.example/x', '/@other.example'])
  })

  it('reports whether a TCP connection can be made', async () => {
    const port = await serving(
      () => undefined,
      async (port) => {
        expect(await look({ tcp: { port } })).toEqual({ type: 'TCP', tcp: { succeeded: true } })
        return port
      },
    )
    expect(await look({ tcp: { port } })).toEqual({ type: 'TCP', tcp: { succeeded: false } })
  })
})
