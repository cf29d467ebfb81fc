/** CPU time of other processes, from Linux' /proc. */
import { readFileSync, readdirSync } from 'node:fs'

/** Seconds of CPU, user and system, of a process and those that it has started; NaN if unknown. */
export function cpuSecondsOf(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`).reduce(
      (seconds, thread) => seconds + secondsOfThread(`/proc/${pid}/task/${thread}`),
      0,
    )
  } catch {
    return Number.NaN
  }
}

/** Source: kernel documentation, sched-stats: the first number is ns on the CPU. */
function secondsOfThread(folder: string): number {
  const ns = Number(/^\d+/.exec(readFileSync(`${folder}/schedstat`, 'latin1'))?.[0])
  const children = readFileSync(`${folder}/children`, 'latin1').match(/\d+/g) ?? []
  return children.reduce((seconds, child) => seconds + cpuSecondsOf(Number(child)), ns / 1e9)
}
