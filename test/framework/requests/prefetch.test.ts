import { NEVER } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createPrefetch } from '../../../src/framework/requests/prefetch.ts'

describe('createPrefetch', () => {
  it('ends in time, though the agent of a task is never heard of again', async () => {
    const killed: string[] = []
    const prefetch = createPrefetch({
      laterTask$: () => NEVER,
      run: ({ constraints }) =>
        constraints?.hostname === 'lost' ? new Promise(() => {}) : Promise.resolve(undefined),
      kill: (taskId) => killed.push(taskId),
      start: () => Promise.resolve(),
      shutDownExecutor: () => undefined,
      hasLibraries: () => true,
      agentsWith: () => Promise.resolve([]),
    })
    expect(await prefetch({ agents: ['lost', 'near', 'near'], timeoutMs: 1 })).toMatchObject([
      { hostname: 'lost', error: { code: 'TASK_FAILED', details: { hostname: 'lost' } } },
      { hostname: 'near' },
    ])
    expect(killed).toEqual([expect.stringMatching(/^prefetch-\w+-lost$/)])
    await expect(prefetch()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
