import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createPageFiles } from '../../../src/inspector/server/page-files.ts'

const closing: (() => unknown)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(folder: string): Promise<(path: string) => Promise<Response>> {
  const server = createServer(createPageFiles(folder)).listen(0, '127.0.0.1')
  closing.push(() => server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return (path) => fetch(`http://127.0.0.1:${port}${path}`)
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-page-'))
  closing.push(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'page.js'), 'first()')
  return folder
}

describe('the files of the page', () => {
  it('come with headers that let nothing else run', async () => {
    const get = await serve(makeFolder())
    const answer = await get('/')
    expect(await answer.text()).toBe('<!doctype html>')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('are whole after an upgrade has replaced them', async () => {
    const folder = makeFolder()
    const get = await serve(folder)
    expect(await (await get('/page.js')).text()).toBe('first()')
    writeFileSync(join(folder, 'page.js'), 'second(1, 2, 3)')
    expect(await (await get('/page.js')).text()).toBe('second(1, 2, 3)')
  })

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/.env',
    '/a/b.js',
    '/page.js/',
    '/none.js',
  ])('are no others: %s', async (path) => {
    const get = await serve(makeFolder())
    expect((await get(path)).status).toBe(404)
  })

  it('are missing where the page was not built', async () => {
    const get = await serve(join(tmpdir(), 'jarcast-no-such-folder'))
    expect((await get('/')).status).toBe(404)
  })
})
