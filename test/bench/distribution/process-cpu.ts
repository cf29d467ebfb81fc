import { readdirSync, readFileSync } from 'node:fs'
import type { ChildProcess } from 'node:child_process'

/**
 * CPU of a running process so far, ms, user and system, of all its threads.
 * Source: kernel documentation, sched-stats: nanoseconds on a CPU come first.
 */
export function cpuMsOf({ pid = 0 }: ChildProcess): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const stats = threads.map((id) => readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'latin1'))
  return stats.reduce((sum, stat) => sum + Number(stat.split(' ')[0]) / 1e6, 0)
}
