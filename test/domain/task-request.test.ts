import { describe, expect, it } from 'vitest'
import { checkTaskRequest, launchIdOf, parseLaunchId } from '../../src/domain/task-request.ts'
import type { TaskRequest } from '../../src/domain/task-request.ts'

const request: TaskRequest = { id: 'a', work: { kind: 'shell', command: 'true' } }

describe('checkTaskRequest', () => {
  it.each([
    [{ id: '' }, /id must have/],
    [{ id: 'a/b' }, /id must have/],
    [{ id: 'a~2' }, /id must have/],
    [{ id: '..' }, /id must have/],
    [{ work: { kind: 'python' } }, /its work is none of/],
    [{ work: { kind: 'java', mainClass: '-version' } }, /"-version" is no name of a class/],
    [{ resources: { cpus: -1 } }, /resources.cpus must be/],
    [{ resources: { memMb: Number.NaN } }, /resources.memMb must be/],
    [{ retry: { maxAttempts: 0 } }, /maxAttempts must be/],
    [{ maxResultBytes: 0.5 }, /maxResultBytes must be/],
  ])('refuses %j and says why', (wrong, why) => {
    expect(() => checkTaskRequest({ ...request, ...wrong } as TaskRequest)).toThrow(why)
  })

  it('lets a complete request pass', () => {
    expect(checkTaskRequest(request)).toBe(request)
  })
})

describe('parseLaunchId', () => {
  it.each([1, 2, 17])('finds task and attempt %d again', (attempt) => {
    expect(parseLaunchId(launchIdOf('a.b', attempt))).toEqual({ id: 'a.b', attempt })
  })
})
