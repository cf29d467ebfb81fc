/**
 * The library sets of one sandbox. Tasks run as the owner of these files and can change them, so
 * changed sets are installed again before the next task starts.
 */
import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { SetEntry } from '../../../machines/downloader/events.ts'
import type { InstalledSet } from '../../../domain/libraries/installed-set.ts'
import { releaseSet } from './release-set.ts'

export interface InstalledSets {
  /** Installs a set. Rejects with the errors of `build`. */
  install(setId: string, entries: readonly SetEntry[], signal: AbortSignal): Promise<InstalledSet>
  /** Installs those of the sets again that were changed. Rejects with the errors of `build`. */
  restore(sets: readonly InstalledSet[], signal: AbortSignal): Promise<void>
  /** Removes the set from the sandbox. */
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

/** State of a file or folder, as the system reports it. Every change gives another text. */
interface State {
  /** Bytes as latin1, since names in archives need not be UTF-8. */
  readonly path: string
  readonly text: string
}

interface Known {
  readonly entries: readonly SetEntry[]
  readonly states: readonly State[]
  /** Time from which every write gets a new time stamp: clocks of file systems tick. */
  readonly settledMs: number
  /** The current restoration: only one at a time. */
  restoring?: Promise<void>
}

/** Longer than a tick of a file system's clock (up to 10 ms). */
const settleMs = 12
/** Files checked before yielding to other work: about a millisecond. */
const perTurn = 256

export function createInstalledSets(options: InstalledSetsOptions): InstalledSets {
  const { sandbox, build, log = () => undefined } = options
  // Kept in memory: tasks can write to any file of the sandbox.
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

/**
 * Reads the states of everything below the folder; the state of a folder shows added and removed
 * names.
 */
async function readStates(folder: string): Promise<readonly State[]> {
  const states: State[] = []
  const pending = [Buffer.from(folder).toString('latin1')]
  for (let parent = pending.pop(); parent !== undefined; parent = pending.pop()) {
    states.push({ path: parent, text: stateOf(parent) })
    const options = { withFileTypes: true, encoding: 'latin1' } as const
    for (const entry of readdirSync(toBytes(parent), options)) {
      const path = join(parent, entry.name)
      if (entry.isDirectory()) pending.push(path)
      else states.push({ path, text: stateOf(path) })
    }
    await setImmediate()
  }
  return states
}

/** Returns the first path that has changed. */
async function findChange(states: readonly State[]): Promise<string | undefined> {
  for (const [index, { path, text }] of states.entries()) {
    if (index % perTurn === perTurn - 1) await setImmediate()
    if (stateOf(path) !== text) return toBytes(path).toString()
  }
  return undefined
}

/** ctime cannot be set by a process, unlike mtime. */
function stateOf(path: string): string {
  const found = lstatSync(toBytes(path), { throwIfNoEntry: false })
  if (found === undefined) return 'gone'
  const { dev, ino, mode, uid, size, mtimeMs, ctimeMs } = found
  return [dev, ino, mode, uid, size, mtimeMs, ctimeMs].join(' ')
}

function toBytes(path: string): Buffer {
  return Buffer.from(path, 'latin1')
}
