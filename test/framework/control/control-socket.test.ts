import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenPrivately, openControlPath } from '../../../src/framework/control/control-socket.ts'

let folder = ''
const servers: Server[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-control-'))
})

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  rmSync(folder, { recursive: true, force: true })
})

function serverOf(answer: string): Server {
  const server = createServer((_, response) => void response.end(answer))
  servers.push(server)
  return server
}

function ask(path: string): Promise<string> {
  const short = openControlPath(path)
  if (short === undefined) throw new Error('no socket')
  return new Promise((resolve, reject) => {
    get({ socketPath: short.path, agent: false }, (answer) => {
      short.close()
      text(answer).then(resolve, reject)
    }).on('error', reject)
  })
}

describe('listenPrivately', () => {
  it('makes a socket for its user alone, in place of one that was left', async () => {
    const path = join(folder, 'control.sock')
    await listenPrivately(serverOf('old'), path)
    const remove = await listenPrivately(serverOf('new'), path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await ask(path)).toBe('new')
    expect(readdirSync(folder)).toEqual(['control.sock'])
    remove()
    expect(readdirSync(folder)).toEqual([])
  })

  it.runIf(process.platform === 'linux')('listens in a folder with a long path', async () => {
    const deep = join(folder, 'a'.repeat(120))
    mkdirSync(deep)
    const path = join(deep, 'control.sock')
    await listenPrivately(serverOf('deep'), path)
    expect(await ask(path)).toBe('deep')
  })

  it('replaces no other file, and says where it cannot listen', async () => {
    const path = join(folder, 'control.sock')
    writeFileSync(path, 'mine')
    await expect(listenPrivately(serverOf(''), path)).rejects.toMatchObject({
      code: 'CONTROL_FAILED',
    })
    const missing = join(folder, 'missing', 'control.sock')
    await expect(listenPrivately(serverOf(''), missing)).rejects.toMatchObject({
      code: 'CONTROL_FAILED',
      message: expect.stringContaining(missing) as string,
    })
    expect(readdirSync(folder)).toEqual(['control.sock'])
  })

  it('leaves the socket of a process that took over', async () => {
    const path = join(folder, 'control.sock')
    const remove = await listenPrivately(serverOf('old'), path)
    await listenPrivately(serverOf('new'), path)
    remove()
    expect(await ask(path)).toBe('new')
  })
})

describe('openControlPath', () => {
  it('refuses the socket of another user, who could answer anything', async () => {
    const path = join(folder, 'control.sock')
    await listenPrivately(serverOf(''), path)
    const other = statSync(path).uid + 1
    expect(() => openControlPath(path, other)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
    )
  })

  it('finds nothing where there is no socket', () => {
    expect(openControlPath(join(folder, 'control.sock'))).toBeUndefined()
    writeFileSync(join(folder, 'file'), '')
    expect(openControlPath(join(folder, 'file'))).toBeUndefined()
  })
})
