import { describe, expect, it } from 'vitest'
import { startForked } from '../../bench/cluster/tasks/forked.ts'

describe('startForked', () => {
  it('gives the messages of a program, and ends it', async () => {
    const program = startForked(
      'the program',
      `process.on('message', (more) => process.send([...JSON.parse(process.argv[1]), more]))`,
      [1, 2],
    )
    program.send(3)
    expect(await program.next()).toEqual([1, 2, 3])
    await program.close()
  })

  it('tells when a program has ended before its next message', async () => {
    const program = startForked('the program', `process.send('first')`, [])
    expect(await program.next()).toBe('first')
    await expect(program.next()).rejects.toThrow('the program has ended')
    await program.close()
  })
})
