import { describe, expect, it } from 'vitest'
import { drawPage } from '../../../scripts/bench/page/page.mjs'
import { lines, measured } from './lines.ts'

const page = (notes: readonly (readonly [string, string])[] = [], known: readonly string[] = []) =>
  drawPage(lines, new Map(notes), known)

describe('the text of the page', () => {
  it('tells when, where and with what it was measured, and what was not', () => {
    const { text } = page([], ['wire', 'jar-server'])
    for (const part of ['2026-01-02', '2 × A, 8 GB, linux 6', 'nginx 1.22.1', '1 min 1 s']) {
      expect(text).toContain(part)
    }
    expect(text).toContain('| not measured yet | wire |')
  })

  it('puts figures beside their goals, and names goals without a figure', () => {
    const { text } = page()
    expect(text.replaceAll('\u00a0', ' ')).toContain(
      '| A hot blob of 14 MB | hot 14 MB blob | 1,300 MB/s | nginx: 1,000 | 1.3 × | 1.25–1.4 | ≥ 1.3 × | ✓ in the median |',
    )
    expect(text).toMatch(/\| Replay from disk \|.*no figure yet \|/)
    expect(text).toContain('3 of 5 limits are met.')
  })

  it('has the benchmarks in the order of the promises, others after them', () => {
    const more = ['cluster', 'wire', 'jar-server'].map((bench) => ({ bench, about: '.', measured }))
    const { text } = drawPage(more, new Map())
    expect(text.match(/^### .*/gm)).toEqual(['### Jar server', '### Wire', '### Cluster'])
  })

  it('explains figures that share a note once, and says where a note is owed', () => {
    const { text } = page([
      ['jar-server: hot', 'Too short.'],
      ['jar-server: hot 14 MB', 'The kernel copies.'],
      ['wire: x', 'Not missed.'],
    ])
    expect(text).toMatch(
      /### jar-server: hot 14 MB\n\n- hot 14 MB blob: \*\*65 × a <b> \| c\*\*, must be ≥ 70 ×\n\nThe kernel copies\./,
    )
    expect(text).toMatch(/### scheduler: status update, 100,000 tasks\n\n.*\n\nNot explained yet\./)
    expect(text).not.toContain('Not missed.')
  })

  it('shows how costs grow, beside the least cost of a smaller amount', () => {
    expect(page().text).toContain(
      '| tasks | 1,000 | 10,000 (10 ×) | 100,000 (100 ×) |\n| --- | ---: | ---: | ---: |\n| status update | 10 µs | 8 µs, 0.8 × | 12 µs, 1.5 × |',
    )
  })

  it('names peers that were not measured', () => {
    expect(page().text).toContain('- jetty: not measured, needs java')
  })
})

describe('the pictures of the page', () => {
  it('draw a bar for ours, its spread and the ratio to each peer, with texts escaped', () => {
    const svg = page().pictures.get('jar-server.svg') ?? ''
    expect(svg.match(/class="(ours|peer)" x/g)).toHaveLength(3)
    expect(svg.match(/class="whisker"/g)).toHaveLength(1)
    expect(svg).toContain('>1.3 ×<')
    expect(svg).toContain('a &lt;b&gt; | c')
    expect(svg).toContain('✗ must be ≥ 70 × a &lt;b&gt; | c')
    // 20 to 1,350 is too much for a linear scale.
    expect(svg).toContain('log scale')
  })

  it('mark each figure in the summary, met right of the line of the limits and missed left of it', () => {
    const svg = page().pictures.get('summary.svg') ?? ''
    const limitAt = Number(/class="limit" x1="([\d.]+)"/.exec(svg)?.[1])
    const met = [...svg.matchAll(/class="met" cx="([\d.]+)"/g)].map(([, x]) => Number(x))
    const missed = [...svg.matchAll(/class="missed" d="M([\d.]+)/g)].map(([, x]) => Number(x))
    expect([met.length, missed.length]).toEqual([3, 2])
    expect(Math.min(...met)).toBeGreaterThanOrEqual(limitAt)
    expect(Math.max(...missed)).toBeLessThan(limitAt)
    expect(svg).toContain('no figure yet')
  })

  it('have a point for each amount of work', () => {
    const svg = page().pictures.get('growth.svg') ?? ''
    expect(svg.match(/<circle/g)).toHaveLength(3)
    expect(svg).toContain('8 µs')
  })

  it('leave out benchmarks with nothing to compare', () => {
    const alone = { bench: 'cluster', case: 'x', value: 1, unit: 's' }
    expect([...drawPage([alone], new Map()).pictures.keys()]).toEqual(['summary.svg'])
  })
})
