/**
 * The library sets of one sandbox, and what a task must find there. Tasks run as the user whose files these are: what one
 * of them wrote, added or removed among the libraries is put back before the next one starts.
 */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { SetEntry } from '../../machines/downloader.ts'
import type { InstalledSet } from '../../machines/task-run.ts'
import { releaseSet } from './release-set.ts'

export interface InstalledSets {
  /** Makes the set's folder. Rejects with what `build` throws. */
  install(setId: string, entries: readonly SetEntry[], signal: AbortSignal): Promise<InstalledSet>
  /**
   * Resolves once each of these is as it was installed; one that is not is built again. Rejects with what `build` throws.
   */
  restore(sets: readonly InstalledSet[], signal: AbortSignal): Promise<void>
  /** Takes the set out of the sandbox. */
  release(setId: string): void
}

export interface InstalledSetsOptions {
  readonly sandbox: string
  readonly build: (
    setId: string,
    entries: readonly SetEntry[],
    signal: AbortSignal,
  ) => Promise<InstalledSet>
  readonly log?: (message: string) => void
}

/** What the system says of a file or folder; a change of any kind changes it. */
interface State {
  readonly path: string
  readonly text: string
}

interface Known {
  readonly entries: readonly SetEntry[]
  readonly states: readonly State[]
  /** When a write would get another time than what was written last: clocks of file systems tick. */
  readonly settledMs: number
  /** One restoration at a time. */
  restoring?: Promise<void>
}

/** Longer than any tick of a file system's clock, which are up to 10 ms. */
const settleMs = 12
/** Files looked at before others have their turn: about a millisecond. */
const perTurn = 256

export function createInstalledSets(options: InstalledSetsOptions): InstalledSets {
  const { sandbox, build, log = () => undefined } = options
  // In memory, where what tasks may write to is not.
  const known = new Map<string, Known>()

  async function install(
    setId: string,
    entries: readonly SetEntry[],
    signal: AbortSignal,
  ): Promise<InstalledSet> {
    const installed = await build(setId, entries, signal)
    const states = await readStates(installed.folder)
    known.set(setId, { entries, states, settledMs: performance.now() + settleMs })
    return installed
  }

  async function restoreOne({ setId }: InstalledSet, signal: AbortSignal): Promise<void> {
    const found = known.get(setId)
    if (found === undefined) return
    const waitMs = found.settledMs - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    const changed = await findChange(found.states)
    if (changed === undefined) return
    log(`${changed} was changed by a task; the libraries are installed again`)
    await install(setId, found.entries, signal)
  }

  return {
    install,
    async restore(sets, signal) {
      for (const set of sets) {
        const found = known.get(set.setId)
        if (found === undefined) continue
        found.restoring ??= restoreOne(set, signal).finally(() => delete found.restoring)
        await found.restoring
      }
    },
    release(setId) {
      known.delete(setId)
      releaseSet(sandbox, setId)
    },
  }
}

/** Of everything below the folder; a folder's own state tells of names that come and go. */
async function readStates(folder: string): Promise<readonly State[]> {
  const states: State[] = []
  const pending = ['']
  for (let below = pending.pop(); below !== undefined; below = pending.pop()) {
    const parent = join(folder, below)
    states.push({ path: parent, text: stateOf(parent) })
    for (const entry of readdirSync(parent, { withFileTypes: true })) {
      if (entry.isDirectory()) pending.push(join(below, entry.name))
      else states.push({ path: join(parent, entry.name), text: stateOf(join(parent, entry.name)) })
    }
    await setImmediate()
  }
  return states
}

/** The first path that is not as it was. */
async function findChange(states: readonly State[]): Promise<string | undefined> {
  for (const [index, { path, text }] of states.entries()) {
    if (index % perTurn === perTurn - 1) await setImmediate()
    if (stateOf(path) !== text) return path
  }
  return undefined
}

/** The time of the last change cannot be set by anybody, as that of the last write can. */
function stateOf(path: string): string {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 'gone'
  const { dev, ino, mode, uid, size, mtimeMs, ctimeMs } = found
  return [dev, ino, mode, uid, size, mtimeMs, ctimeMs].join(' ')
}
