/** The sums of a run in one line. */
import { count, formatBytes } from '../../output/printable.ts'
import type { RunTotals } from './run-log.ts'

/** Tasks, bytes served, cache hits; corrupted downloads and retries if there were any. */
export function summaryLine(totals: RunTotals, expectedTasks: number): string {
  const { bytesServed, requests, fetched, cacheHits, corrupted, retried } = totals
  return [
    describeTasks(totals, expectedTasks),
    `${formatBytes(bytesServed)} served in ${count(requests, 'request')}`,
    `${count(fetched, 'library', 'libraries')} fetched, ${count(cacheHits, 'cache hit')}`,
    ...(corrupted === 0 ? [] : [`${count(corrupted, 'corrupted download')} fetched again`]),
    ...(retried === 0 ? [] : [count(retried, 'retry', 'retries')]),
  ].join('; ')
}

/** `2 of 3 tasks finished, 1 failed`. */
export function describeTasks(
  { finished, failed }: Pick<RunTotals, 'finished' | 'failed'>,
  expected: number,
): string {
  const failures = failed === 0 ? '' : `, ${failed} failed`
  return `${finished} of ${count(expected, 'task')} finished${failures}`
}
