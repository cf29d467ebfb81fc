import { describe, expect, it } from 'vitest'
import { limitText, outcomeOf } from '../../scripts/bench/limits.mjs'
import { readNotes } from '../../scripts/bench/notes.mjs'
import { drawPage } from '../../scripts/bench/page.mjs'
import type { Line } from '../../scripts/bench/page.mjs'
import { merge, toText } from '../../scripts/bench/results.mjs'

const measured = {
  date: '2026-01-02',
  cpu: '2 × A',
  memoryGb: 8,
  system: 'linux 6',
  seconds: 61,
  versions: { nginx: '1.22.1' },
}
const blob = { case: 'hot 14 MB blob', value: 1300, unit: 'MB/s' }
const lines: readonly Line[] = [
  {
    bench: 'jar-server',
    ...blob,
    peer: 'nginx',
    peerValue: 1000,
    ratio: 1.3,
    limit: { atLeast: 1.3 },
  },
  {
    bench: 'jar-server',
    ...blob,
    peer: 'a <b> | c',
    peerValue: 20,
    ratio: 65,
    limit: { atLeast: 70 },
  },
  { bench: 'jar-server', peer: 'jetty', skipped: 'needs java' },
  { bench: 'jar-server', about: 'What it ships.', measured },
  ...[1000, 100_000].map((count) => ({
    bench: 'scheduler',
    case: `status update, ${count.toLocaleString('en')} tasks`,
    value: count === 1000 ? 10 : 12,
    unit: 'µs',
    size: { of: 'tasks', count },
    limit: { atMost: 11 },
  })),
]
const page = (notes: readonly (readonly [string, string])[] = []) => drawPage(lines, new Map(notes))

describe('outcomeOf and limitText', () => {
  it.each([
    [{ ratio: 1.3, limit: { atLeast: 1.3 } }, 'met', '≥ 1.3 ×'],
    [{ ratio: 1.299, limit: { atLeast: 1.3 } }, 'missed', '≥ 1.3 ×'],
    [{ ratio: 2.1, limit: { atMost: 2 } }, 'missed', '≤ 2 ×'],
    [{ value: 900, unit: 'bytes', limit: { atMost: 1024 } }, 'met', '≤ 1,024 bytes'],
    [{ value: 5, unit: 'ms', ratio: 9, limit: { atMost: 2, of: 'value' } }, 'missed', '≤ 2 ms'],
    [{ ratio: 1 }, undefined, ''],
  ] as const)('judge %j', (figure, outcome, text) => {
    expect(outcomeOf(figure)).toBe(outcome)
    expect(limitText(figure)).toBe(text)
  })
})

describe('drawPage', () => {
  it('tells when, where and with what it was measured', () => {
    const { text } = page()
    for (const part of ['2026-01-02', '2 × A, 8 GB, linux 6', 'nginx 1.22.1', '2 min']) {
      expect(text).toContain(part)
    }
  })

  it('puts figures beside their goals, and names goals without a figure', () => {
    const { text } = page()
    expect(text).toContain(
      '| A hot blob of 14 MB | hot 14 MB blob | 1,300 MB/s | nginx: 1,000 | 1.3 × | ≥ 1.3 × | ✓ |',
    )
    expect(text).toMatch(/\| Replay from disk \|.*no figure yet \|/)
    expect(text).toContain('2 of 4 limits are met.')
  })

  it('explains missed figures by their notes, and says where one is owed', () => {
    const { text } = page([
      ['jar-server: hot', 'Too short.'],
      ['jar-server: hot 14 MB', 'The kernel copies.'],
      ['wire: x', 'Not missed.'],
    ])
    expect(text).toMatch(
      /### jar-server: hot 14 MB blob\n\n_beside a <b>.*_\n\nThe kernel copies\./,
    )
    expect(text).toMatch(/### scheduler: status update, 100,000 tasks\n\n.*\n\nNot explained yet\./)
    expect(text).not.toContain('Not missed.')
  })

  it('shows how costs grow', () => {
    expect(page().text).toContain(
      '| tasks | 1,000 | 100,000 |\n| --- | ---: | ---: |\n| scheduler: status update | 10 µs | 12 µs (1.2 ×) |',
    )
  })

  it('names peers that were not measured', () => {
    expect(page().text).toContain('- jetty: not measured, needs java')
  })

  it('draws a bar for ours and for each peer, with texts escaped', () => {
    const svg = page().pictures.get('jar-server.svg') ?? ''
    expect(svg.match(/class="(ours|peer)" x/g)).toHaveLength(3)
    expect(svg).toContain('a &lt;b&gt; | c')
    expect(svg).toContain('✗ must be ≥ 70 × a &lt;b&gt; | c')
    // 20 to 1,300 is too much for a linear scale.
    expect(svg).toContain('log scale')
  })
})

describe('merge', () => {
  it('replaces the benchmarks that were measured again', () => {
    const again: Line = { bench: 'jar-server', ...blob, value: 1 }
    expect(
      toText(merge(lines, [again]))
        .split('\n')
        .map((line) => line.slice(0, 55)),
    ).toEqual([
      '{"bench":"jar-server","case":"hot 14 MB blob","value":1',
      '{"bench":"scheduler","case":"status update, 1,000 tasks',
      '{"bench":"scheduler","case":"status update, 100,000 tas',
      '',
    ])
  })
})

describe('readNotes', () => {
  it('reads the text under each heading', () => {
    const notes = readNotes('<!-- ## none -->\n## a: b\n\nwhy\n\n### more\n\n## c: d\n\nbecause\n')
    expect([...notes]).toEqual([
      ['a: b', 'why\n\n### more'],
      ['c: d', 'because'],
    ])
  })
})
