import { describe, expect, it } from 'vitest'
import { isSameExecutor } from '../../../../src/local/master/validation/executor-info.ts'
import type { ExecutorInfo } from '../../../../src/mesos/types.generated.ts'
import { scalar } from '../../support/client.ts'

const executorInfo: ExecutorInfo = {
  executorId: { value: 'ex' },
  resources: [scalar('cpus', 0.1), scalar('mem', 32)],
  command: {
    value: 'run',
    uris: [{ value: 'http://host/a' }, { value: 'http://host/b', cache: true }],
    environment: {
      variables: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  },
}
const { command = {} } = executorInfo

describe('isSameExecutor', () => {
  it.each<[string, ExecutorInfo]>([
    ['itself', executorInfo],
    ['other labels', { ...executorInfo, labels: { labels: [{ key: 'k' }] } }],
    ['another grace period', { ...executorInfo, shutdownGracePeriod: { nanoseconds: 1 } }],
    [
      'another order of resources',
      { ...executorInfo, resources: [scalar('mem', 32), scalar('cpus', 0.1)] },
    ],
    [
      'another order of URIs',
      { ...executorInfo, command: { ...command, uris: (command.uris ?? []).toReversed() } },
    ],
    [
      'URIs cached or not',
      {
        ...executorInfo,
        command: { ...command, uris: (command.uris ?? []).map(({ value }) => ({ value })) },
      },
    ],
    ['a default that is spelt out', { ...executorInfo, command: { ...command, shell: true } }],
  ])('takes %s', (_what, other) => {
    expect(isSameExecutor(executorInfo, other)).toBe(true)
  })

  it.each<[string, ExecutorInfo]>([
    ['other data', { ...executorInfo, data: 'AA==' }],
    ['another name', { ...executorInfo, name: 'x' }],
    ['more resources', { ...executorInfo, resources: [scalar('cpus', 0.2), scalar('mem', 32)] }],
    [
      'another URI',
      { ...executorInfo, command: { ...command, uris: [{ value: 'http://other/a' }] } },
    ],
    [
      'another variable',
      { ...executorInfo, command: { ...command, environment: { variables: [] } } },
    ],
    [
      'arguments in another order',
      { ...executorInfo, command: { ...command, arguments: ['b', 'a'] } },
    ],
  ])('refuses %s', (_what, other) => {
    expect(isSameExecutor(executorInfo, other)).toBe(false)
  })
})
