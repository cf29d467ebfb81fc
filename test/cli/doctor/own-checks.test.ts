import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runChecks } from '../../../src/cli/doctor/check.ts'
import { checkDisk, checkNode, checkPort } from '../../../src/cli/doctor/own-checks.ts'

describe('the checks of this machine', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['24.0.1', 'ok'],
    ['20.18.9', 'failed'],
    ['18.20.0', 'failed'],
  ])('Node.js %s is %s', (version, state) => {
    expect(checkNode(version).state).toBe(state)
  })

  it('name a port that is in use', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await checkPort('127.0.0.1', port)).toMatchObject({
      state: 'failed',
      text: expect.stringContaining('EADDRINUSE'),
      remedy: expect.stringContaining('--jar-server-port'),
    })
    server.close()
    expect(await checkPort('127.0.0.1', 0)).toMatchObject({ state: 'ok' })
  })

  it('name the free space of a folder', () => {
    expect(checkDisk('temporary files', tmpdir()).text).toMatch(/ free in \//)
  })

  it('go on after a check that throws', async () => {
    const shown: string[] = []
    const thrown = (): never => {
      throw new Error('no such folder')
    }
    const checks = { disk: thrown, 'Node.js': () => checkNode() }
    await runChecks(checks, ({ check, state }) => shown.push(`${check} ${state}`))
    expect(shown).toEqual(['disk failed', 'Node.js ok'])
  })
})
