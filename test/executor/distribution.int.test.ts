/** The counts of the distribution benchmark: downloads, bytes and files, but no times. */
import { describe, expect, it } from 'vitest'
import { measureKilledServer } from '../bench/libraries/host/killed-server.ts'
import { measureSharedHost } from '../bench/libraries/host/shared-host.ts'

describe('32 executors on one host', () => {
  it('download a set once, and each have a copy', async () => {
    const { requests, bytesServed, setBytes, diskBytes } = await measureSharedHost()
    expect({ requests, bytesServed, diskBytes }).toEqual({
      requests: 17,
      bytesServed: setBytes,
      diskBytes: 33 * setBytes,
    })
  })

  it('download nothing when the cache is warm', async () => {
    expect(await measureSharedHost({ isWarm: true })).toMatchObject({ requests: 0, bytesServed: 0 })
  })
})

describe('an executor whose server is killed three times', () => {
  it('requests only the rest each time, and gets the right bytes', async () => {
    const { wireBytes, sizeBytes, kills, state } = await measureKilledServer()
    expect({ kills, state }).toEqual({ kills: 3, state: 'TASK_FINISHED' })
    expect(wireBytes).toBeGreaterThanOrEqual(sizeBytes)
    expect(wireBytes).toBeLessThanOrEqual(1.01 * sizeBytes)
  })
})
