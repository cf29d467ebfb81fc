import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { taskEnds } from '../../src/domain/tasks/ends/task-ends.ts'
import type { TaskEnd } from '../../src/domain/tasks/ends/task-end.ts'

const guide = new URL('../../docs/guides/task-ends.md', import.meta.url)

function rowOf({ states, reason, sources, isUnhealthy, fault, text }: TaskEnd): readonly string[] {
  const why = isUnhealthy === true ? '`healthy: false`' : (reason ?? 'any other, or none')
  return [
    states.map((state) => `\`${state}\``).join(', '),
    reason === undefined ? why : `\`${why}\``,
    sources.map((source) => source.slice('SOURCE_'.length).toLowerCase()).join(', '),
    fault,
    text,
  ]
}

describe('docs/guides/task-ends.md', () => {
  it('has the rows that the scheduler decides by, in their order', () => {
    const rows = readFileSync(guide, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `TASK_'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(rows).toEqual(taskEnds.map(rowOf))
  })
})
