import { describe, expect, it } from 'vitest'
import { launchIdOf, parseLaunchId } from '../../../src/domain/tasks/task-request.ts'

describe('parseLaunchId', () => {
  it.each([1, 2, 17])('finds task and attempt %d again', (attempt) => {
    expect(parseLaunchId(launchIdOf('a.b', attempt))).toEqual({ id: 'a.b', attempt })
  })
})
