import { describe, expect, it } from 'vitest'
import { cpuPerUnit, figureOf, rate, roundsOfEach } from '../../bench/support/measure.ts'

describe('figureOf', () => {
  it('has medians, and the least and the most of the rounds', () => {
    const figure = figureOf({ case: 'x', unit: 'ms' }, [4, 2, 9], ['other', [2, 2, 3]])
    expect(figure).toMatchObject({ value: 4, peer: 'other', peerValue: 2, ratio: 2 })
    expect(figure.spread).toEqual({ value: [2, 9], ratio: [1, 3] })
  })

  it('has no spread of a single round', () => {
    expect(figureOf({ case: 'x', unit: 'ms' }, [4])).toEqual({ case: 'x', unit: 'ms', value: 4 })
  })
})

describe('rate and cpuPerUnit', () => {
  it('count work per second, and microseconds of CPU per unit', () => {
    expect(rate('x', 10, [1, 2, 5], 'a/s', ['other', [2, 4, 1]])).toMatchObject({
      value: 5,
      peerValue: 5,
      ratio: 1,
      spread: { value: [2, 10], ratio: [0.2, 2] },
    })
    const costs = [{ seconds: 1, cpuSeconds: 0.5 }]
    expect(cpuPerUnit(1000, costs, costs)).toEqual({ cpuUs: 500, peerCpuUs: 500 })
    expect(cpuPerUnit(1000, costs, [{ seconds: 1, cpuSeconds: Number.NaN }])).toEqual({})
  })
})

describe('roundsOfEach', () => {
  it('lets both sides take turns, and leaves the first round out', async () => {
    const turns: string[] = []
    const sides = await roundsOfEach([() => turns.push('ours'), () => turns.push('theirs')], 2)
    expect(turns).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs'])
    expect(sides.map((rounds) => rounds.length)).toEqual([2, 2])
  })
})
