import { describe, expect, it } from 'vitest'
import { executor, gate, given, settle, unreachable } from './given-performer.ts'

describe('the jar server', () => {
  it('is started at its previous address, and its start or failure is an event', async () => {
    const started = given()
    started.perform('fx.startJarServer', { url: 'http://old' })
    await settle()
    expect(started.done).toEqual(['start http://old'])
    expect(started.events).toEqual([
      { type: 'jarServer.started', url: 'http://jars', delivery: {} },
    ])
    const failing = given({ start: () => Promise.reject(unreachable) })
    failing.perform('fx.startJarServer', { url: undefined })
    await settle()
    expect(failing.events).toMatchObject([{ type: 'jarServer.failed', code: 'MASTER_UNREACHABLE' }])
  })

  it('gets a Node.js to serve for a platform, or the reason why not', async () => {
    const params = { platform: 'linux-arm64' }
    const prepared = given()
    prepared.perform('fx.prepareRuntime', params)
    await settle()
    expect(prepared.done).toEqual(['prepare linux-arm64'])
    expect(prepared.events).toEqual([
      { type: 'runtime.prepared', ...params, version: '24.0.0', sizeBytes: 5, executor },
    ])
    const failing = given({ prepareRuntime: () => Promise.reject(unreachable) })
    failing.perform('fx.prepareRuntime', params)
    await settle()
    expect(failing.events).toEqual([
      { type: 'runtime.failed', ...params, code: 'MASTER_UNREACHABLE', message: 'no route' },
    ])
  })

  it('is stopped only after its start has ended', async () => {
    const listening = gate()
    const { perform, done, types } = given({ start: () => listening.passed() as Promise<never> })
    perform('fx.startJarServer', { url: undefined })
    perform('fx.stopJarServer')
    await settle()
    expect(done).toEqual(['start undefined'])
    listening.open()
    await settle()
    expect(done).toEqual(['start undefined', 'stop'])
    expect(types()).toEqual(['jarServer.started', 'jarServer.stopped'])
  })

  it('releases sets without a result', () => {
    const { perform, done, events } = given()
    perform('fx.releaseSets', { sets: [{ id: 's1', libraries: [] }] })
    expect([done, events]).toEqual([['release 1'], []])
  })
})
