import { describe, expect, it } from 'vitest'
import { followTask } from '../../../src/framework/sandbox/follow-task.ts'
import type { TaskPlace } from '../../../src/framework/sandbox/task-place.ts'

const placeOf = (launchId: string): TaskPlace => ({
  frameworkId: 'f',
  agentId: 'a',
  executorId: 'e',
  launchId,
  isOver: true,
})

describe('followTask', () => {
  it('tells the attempt of the bytes that follow, also of the first', async () => {
    const known = [
      { place: placeOf('t~2'), isOver: false },
      { place: placeOf('t~2'), isOver: false },
      { place: placeOf('t~3'), isOver: true },
    ]
    const seen: string[] = []
    const parts = followTask({
      find: () => Promise.resolve(known.length > 1 ? known.shift() : known[0]),
      files: {
        read({ launchId }, _file, offset) {
          const data = Buffer.from(`of ${launchId}`).subarray(offset)
          return Promise.resolve({ data, size: offset + data.length })
        },
      },
      file: { name: 'stdout' },
      offset: 0,
      isFollowing: true,
      onAttempt: ({ launchId }) => seen.push(launchId),
    })
    for await (const part of parts) seen.push(Buffer.from(part).toString())
    expect(seen).toEqual(['t~2', 'of t~2', 't~3', 'of t~3'])
  })
})
