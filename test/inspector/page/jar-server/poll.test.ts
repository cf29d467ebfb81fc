import { describe, expect, it } from 'vitest'
import { poll } from '../../../../src/inspector/page/jar-server/poll.ts'

describe('poll', () => {
  it('asks every second, slower while nothing answers, and says so once it is sure', async () => {
    const answers = ['one', undefined, undefined, undefined, undefined, undefined, 'two']
    const said: string[] = []
    const waits: number[] = []
    const polling = poll({
      ask: () => {
        const answer = answers.shift()
        return answer === undefined ? Promise.reject(new Error('gone')) : Promise.resolve(answer)
      },
      onAnswer: (answer) => said.push(answer),
      onSilence: () => said.push('silence'),
      shown: () => Promise.resolve(),
      wait: (ms) => {
        waits.push(ms)
        return answers.length === 0 ? Promise.reject(new Error('enough')) : Promise.resolve()
      },
    })
    await expect(polling).rejects.toThrow('enough')
    expect(said).toEqual(['one', 'silence', 'silence', 'silence', 'silence', 'two'])
    expect(waits).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 1000])
  })
})
