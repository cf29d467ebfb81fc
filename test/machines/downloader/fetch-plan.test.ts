import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  endFetch,
  failFetch,
  isSourcePaused,
  nextFetches,
  planFetches,
  resumeSource,
  retryFetch,
  sourceOf,
  startFetch,
} from '../../../src/machines/downloader/fetch-plan.ts'
import type { FetchPlan } from '../../../src/machines/downloader/fetch-plan.ts'

const names = ['10', '9', 'a', 'b', 'c', 'd']
const plan = planFetches(
  names.map((name) => ({ name, uri: `http://${name > 'b' ? 'two' : 'one'}/${name}` })),
)

const namesOf = (next: ReturnType<typeof nextFetches>): readonly string[] =>
  next.map(({ name }) => name)

const failing = (from: FetchPlan, ...failed: readonly string[]): FetchPlan =>
  failed.reduce((reached, name) => failFetch(startFetch(reached, name), name, {}), from)

describe('nextFetches', () => {
  it('keeps the order of the set, and the limit of concurrent fetches', () => {
    expect(namesOf(nextFetches(plan, 2))).toEqual(['10', '9'])
    expect(namesOf(nextFetches(startFetch(plan, '10'), 2))).toEqual(['9'])
    expect(namesOf(nextFetches(endFetch(startFetch(plan, '10'), '10'), 2))).toEqual(['9', 'a'])
  })

  it('pauses a source that failed four times in a row, then fetches one library', () => {
    const paused = failing(plan, '10', '9', 'a', 'b')
    expect(namesOf(nextFetches(paused, 4))).toEqual(['c', 'd'])
    const due = ['10', '9'].reduce(retryFetch, paused)
    expect(namesOf(nextFetches(due, 4))).toEqual(['c', 'd'])
    const resumed = resumeSource(due, 'http://one')
    expect(namesOf(nextFetches(resumed, 4))).toEqual(['10', 'c', 'd'])
    expect(namesOf(nextFetches(startFetch(resumed, '10'), 4))).toEqual(['c', 'd'])
    expect(namesOf(nextFetches(endFetch(startFetch(resumed, '10'), '10'), 4))).toEqual([
      '9',
      'c',
      'd',
    ])
  })

  it('fetches all in the end, after any failures', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (outcomes) => {
        let reached = plan
        const left = [...outcomes]
        for (let round = 0; round < 200; round += 1) {
          const [next] = nextFetches(reached, 2)
          if (next !== undefined) {
            reached = startFetch(reached, next.name)
            reached =
              left.pop() === false
                ? failFetch(reached, next.name, {})
                : endFetch(reached, next.name)
            continue
          }
          for (const source of Object.keys(reached.sources)) {
            if (isSourcePaused(reached, source)) reached = resumeSource(reached, source)
          }
          for (const { name, state } of reached.fetches) {
            if (state === 'backingOff') reached = retryFetch(reached, name)
          }
        }
        expect(reached.fetches.map(({ state }) => state)).toEqual(names.map(() => 'fetched'))
      }),
    )
  })
})

describe('sourceOf', () => {
  it.each([
    ['http://Host:80/a/b', 'http://host:80'],
    ['https://[::1]:1/a?b', 'https://[::1]:1'],
    ['hdfs://name/a', 'hdfs://name'],
    ['/a/b.jar', '/a/b.jar'],
  ])('of %s is %s', (uri, source) => {
    expect(sourceOf(uri)).toBe(source)
  })
})
