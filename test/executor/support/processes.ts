/** Living processes with `mark` in their environment, which they inherit from their executor. */
import { readdir, readFile } from 'node:fs/promises'
import { until } from '../../support/until.ts'

/** Waits until there is no such process. */
export async function allGone(mark: string): Promise<void> {
  const isOver = async () => (await processesOf(mark)).length === 0
  await until(`the end of all processes of ${mark}`, isOver)
}

/** The watchers of process groups among them. */
export async function watchersOf(mark: string): Promise<readonly number[]> {
  const watchers = []
  for (const pid of await processesOf(mark)) {
    const words = (await textOf(`/proc/${pid}/cmdline`)).split('\0')
    if (words.includes('jarcast-watcher')) watchers.push(pid)
  }
  return watchers
}

/** Waits for a watcher other than `former`. */
export async function otherWatcher(mark: string, former: number | undefined): Promise<void> {
  const isThere = async () => (await watchersOf(mark)).some((pid) => pid !== former)
  await until(`a watcher of ${mark} other than ${former}`, isThere)
}

async function processesOf(mark: string): Promise<readonly number[]> {
  const pids = []
  for (const name of await readdir('/proc')) {
    if ((await textOf(`/proc/${name}/environ`)).includes(`=${mark}\0`)) pids.push(Number(name))
  }
  return pids
}

async function textOf(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}
