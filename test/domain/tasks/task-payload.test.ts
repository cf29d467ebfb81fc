import { describe, expect, it } from 'vitest'
import { parseTaskPayload } from '../../../src/domain/tasks/task-payload.ts'

const payloadOf = (work: object) => JSON.stringify({ version: 1, work })

describe('parseTaskPayload', () => {
  it.each(['-version', '-jar', '@options', ''])('refuses %j as a main class', (mainClass) => {
    const text = payloadOf({ kind: 'java', mainClass })
    expect(() => parseTaskPayload(text)).toThrow(
      `the task cannot run: its mainClass "${mainClass}" is not a class name`,
    )
  })

  it('takes any other, with arguments that look like options', () => {
    const work = { kind: 'java', mainClass: 'a.Main', args: ['-version', '@options'] }
    expect(parseTaskPayload(payloadOf(work)).work).toEqual(work)
  })
})
