import { describe, expect, it } from 'vitest'
import { parseOpenFiles } from '../../src/access/connection-pool.ts'

describe('parseOpenFiles', () => {
  it.each([
    ['Max open files            1024                 524288               files     ', 1024],
    ['Max open files            unlimited            unlimited            files     ', Infinity],
    ['', Infinity],
  ])('reads the soft limit: %s', (line, expected) => {
    const lines = ['Limit  Soft Limit  Hard Limit  Units', 'Max processes  7  7  processes', line]
    expect(parseOpenFiles(lines.join('\n'))).toBe(expected)
  })
})
