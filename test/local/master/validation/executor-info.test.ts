import { describe, expect, it } from 'vitest'
import { isSameExecutor } from '../../../../src/local/master/validation/executor-info.ts'
import type { ExecutorInfo } from '../../../../src/mesos/types.generated.ts'
import { scalar } from '../../support/client.ts'

const EXECUTOR: ExecutorInfo = {
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
const { command = {} } = EXECUTOR

describe('isSameExecutor', () => {
  it.each<[string, ExecutorInfo]>([
    ['itself', EXECUTOR],
    ['other labels', { ...EXECUTOR, labels: { labels: [{ key: 'k' }] } }],
    ['another grace period', { ...EXECUTOR, shutdownGracePeriod: { nanoseconds: 1 } }],
    [
      'another order of resources',
      { ...EXECUTOR, resources: [scalar('mem', 32), scalar('cpus', 0.1)] },
    ],
    [
      'another order of URIs',
      { ...EXECUTOR, command: { ...command, uris: (command.uris ?? []).toReversed() } },
    ],
    [
      'URIs cached or not',
      {
        ...EXECUTOR,
        command: { ...command, uris: (command.uris ?? []).map(({ value }) => ({ value })) },
      },
    ],
    ['a default that is spelt out', { ...EXECUTOR, command: { ...command, shell: true } }],
  ])('takes %s', (_what, other) => {
    expect(isSameExecutor(EXECUTOR, other)).toBe(true)
  })

  it.each<[string, ExecutorInfo]>([
    ['other data', { ...EXECUTOR, data: 'AA==' }],
    ['another name', { ...EXECUTOR, name: 'x' }],
    ['more resources', { ...EXECUTOR, resources: [scalar('cpus', 0.2), scalar('mem', 32)] }],
    ['another URI', { ...EXECUTOR, command: { ...command, uris: [{ value: 'http://other/a' }] } }],
    ['another variable', { ...EXECUTOR, command: { ...command, environment: { variables: [] } } }],
    ['arguments in another order', { ...EXECUTOR, command: { ...command, arguments: ['b', 'a'] } }],
  ])('refuses %s', (_what, other) => {
    expect(isSameExecutor(EXECUTOR, other)).toBe(false)
  })
})
