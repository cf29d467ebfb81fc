import { describe, expect, it } from 'vitest'
import { kindOf, stateText } from '../../../../../src/inspector/page/views/cluster/task-state.ts'

describe('kindOf', () => {
  it.each([
    ['waiting', 'waiting'],
    ['launching', 'starting'],
    ['TASK_STARTING', 'starting'],
    ['running', 'running'],
    ['TASK_RUNNING', 'running'],
    ['TASK_FINISHED', 'finished'],
    ['TASK_KILLED', 'killed'],
    ['unreachable', 'killed'],
    ['TASK_LOST', 'failed'],
    ['LIBRARY_FAILED', 'failed'],
  ])('%s is %s', (state, kind) => {
    expect(kindOf(state)).toBe(kind)
  })
})

describe('stateText', () => {
  it('is in plain words', () => {
    expect(stateText('TASK_GONE_BY_OPERATOR')).toBe('gone by operator')
  })
})
