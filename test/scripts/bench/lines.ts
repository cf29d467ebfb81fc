/** Lines of results as benchmarks print them. */
import type { Line } from '../../../scripts/bench/results.mjs'

export const measured = {
  date: '2026-01-02',
  cpu: '2 × A',
  memoryGb: 8,
  system: 'linux 6',
  seconds: 61,
  versions: { nginx: '1.22.1' },
}

export const blob = { case: 'hot 14 MB blob', value: 1300, unit: 'MB/s' }

export const lines: readonly Line[] = [
  {
    bench: 'jar-server',
    ...blob,
    peer: 'nginx',
    peerValue: 1000,
    ratio: 1.3,
    limit: { atLeast: 1.3 },
    spread: { value: [1200, 1350], ratio: [1.25, 1.4] },
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
  ...[1000, 10_000, 100_000].map((count, index) => ({
    bench: 'scheduler',
    case: `status update, ${count.toLocaleString('en')} tasks`,
    value: [10, 8, 12][index] ?? 0,
    unit: 'µs',
    size: { of: 'tasks', count },
    limit: { atMost: 11 },
  })),
]
