import { describe, expect, it } from 'vitest'
import { downloadsByLibrary } from '../../../../../src/inspector/page/views/libraries/downloads.ts'

const download = (host: string, library: string, bytes = 1) => {
  return { host, library, bytes, totalBytes: 10 }
}

describe('downloadsByLibrary', () => {
  it('adds up the hosts of a library', () => {
    const [group] = downloadsByLibrary([download('a', 'x.jar', 3), download('b', 'x.jar', 4)])
    expect(group).toMatchObject({ library: 'x.jar', bytes: 7, totalBytes: 20 })
  })

  it('orders libraries and hosts by name, whatever begins or ends', () => {
    const groups = downloadsByLibrary([
      download('agent-10', 'y.jar'),
      download('agent-9', 'y.jar'),
      download('agent-1', 'x.jar'),
    ])
    expect(
      groups.map(({ library, downloads }) => [library, ...downloads.map(({ host }) => host)]),
    ).toEqual([
      ['x.jar', 'agent-1'],
      ['y.jar', 'agent-9', 'agent-10'],
    ])
  })
})
