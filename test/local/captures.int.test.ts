import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { readCapture } from './support/capture.ts'
import { ask } from './support/client.ts'
import { replayCapture } from './support/replay-capture.ts'
import type { ReplayOptions } from './support/replay-capture.ts'

let cluster: LocalCluster

beforeEach(async () => {
  cluster = await startLocalCluster({
    open: true,
    // As in the recordings, filters are shorter than the interval.
    allocationIntervalMs: 500,
    hostnames: ['127.0.0.1'],
    attributes: { rack: 'r1', os: 'debian' },
  })
})

afterEach(() => cluster.close())

async function replay(
  name: string,
  options: Partial<ReplayOptions> = {},
): Promise<readonly string[]> {
  return replayCapture(await readCapture(name), { url: () => cluster.url, ...options })
}

describe('recorded conversations', () => {
  it('sends a framework without capabilities the same', async () => {
    expect(await replay('no-capabilities')).toEqual([])
  })

  it('reserves, makes a volume, launches on it, and undoes it the same', async () => {
    expect(await replay('operations')).toEqual([])
  })

  it('offers two roles, suppressed and revived, the same', async () => {
    expect(await replay('roles')).toEqual([])
  })

  it('asks to leave a machine for its maintenance the same', async () => {
    const differences = await replay('maintenance', {
      async act({ operator }, ids) {
        const windows = operator === 'clear' ? [] : [ids.translate(maintenanceWindow)]
        return ask(`${cluster.url}/maintenance/schedule`, {
          method: 'POST',
          body: JSON.stringify({ windows }),
        })
      },
    })
    expect(differences).toEqual([])
  })
})

/** The planned maintenance of the recording. */
const maintenanceWindow = {
  machine_ids: [{ hostname: '127.0.0.1', ip: '127.0.0.1' }],
  unavailability: {
    start: { nanoseconds: 1_795_362_680_588_000_000 },
    duration: { nanoseconds: 3_600_000_000_000 },
  },
}
