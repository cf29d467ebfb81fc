import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { savedElements } from '../../../src/inspector/saved/saved-elements.ts'
import type { SavedRun } from '../../../src/inspector/saved/saved-elements.ts'
import type { Entry } from '../../../src/journal/journal.ts'

const parts = { machine: 'pump', input: {}, startedAt: 0, lastSeq: 2, notes: [], charts: {} }
const head: SavedRun['head'] = { id: 'run', name: '</script><b>', ...parts }
const entries: readonly Entry[] = [1, 2].map((seq) => ({ seq, now: seq, event: { type: 'go' } }))

async function elementsOf(runs: readonly SavedRun[]): Promise<readonly string[]> {
  const elements: string[] = []
  for await (const element of savedElements(runs)) elements.push(element)
  return elements
}

function textIn(element: string | undefined): string {
  const [, base64 = ''] = />([^<]*)</.exec(element ?? '') ?? []
  return gunzipSync(Buffer.from(base64, 'base64')).toString()
}

describe('savedElements', () => {
  it('holds each run as its head and its entries, without markup', async () => {
    const [first, second, ...more] = await elementsOf([{ head, entries }])
    expect(more).toEqual([])
    expect(JSON.parse(textIn(first))).toEqual(head)
    const lines = textIn(second).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(entries)
    expect(first).not.toContain('<b>')
  })

  it('throws what reading the entries throws', async () => {
    function* damaged(): Generator<Entry> {
      yield* entries
      throw new RangeError('entry 3 is damaged')
    }
    await expect(elementsOf([{ head, entries: damaged() }])).rejects.toThrow('entry 3 is damaged')
  })
})
