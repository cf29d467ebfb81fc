/** Memory and processor time of other processes, from Linux' /proc. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** Resident memory now, and the most of it so far, in MB. */
export function memoryMb(pid: number): { readonly nowMb: number; readonly peakMb: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? Number.NaN) / 1024
  return { nowMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM') }
}

/** Begins anew with the peak of a process. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** Seconds of CPU so far, user and system, of all threads of a process; NaN where the system does not tell. */
export function cpuSecondsOf(pid: number): number {
  return sumOfThreads(pid, secondsOfThread)
}

/** The same with the processes that it has started and that still run. */
export function cpuSecondsOfFamily(pid: number): number {
  return sumOfThreads(pid, (folder) =>
    childrenOfThread(folder).reduce(
      (seconds, child) => seconds + cpuSecondsOfFamily(child),
      secondsOfThread(folder),
    ),
  )
}

/**
 * Seconds of CPU of the ended children of a shell, from what its `times` prints last: user and system,
 * as `0m1.234s`.
 */
export function cpuSecondsInTimes(output: string): number {
  const children = output.trim().split('\n').at(-1) ?? ''
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

/** The most that an empty Node.js program has. */
export function emptyMemoryMb(): number {
  const script = 'console.log(process.resourceUsage().maxRSS / 1024)'
  return Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }))
}

function sumOfThreads(pid: number, secondsOf: (folder: string) => number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, thread) => sum + secondsOf(`/proc/${pid}/task/${thread}`), 0)
  } catch {
    return Number.NaN
  }
}

/** Source: kernel documentation, sched-stats: the first number is ns on the CPU. */
function secondsOfThread(folder: string): number {
  return Number(/^\d+/.exec(readFileSync(`${folder}/schedstat`, 'latin1'))?.[0]) / 1e9
}

function childrenOfThread(folder: string): readonly number[] {
  return (readFileSync(`${folder}/children`, 'latin1').match(/\d+/g) ?? []).map(Number)
}
