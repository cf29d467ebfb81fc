/**
 * Finds and signals every process of a container: its session and group, its descendants, and
 * daemons that left these but keep its mark in their environment. Needs /proc; without it, only the
 * group.
 */
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ContainerMark {
  /** The first process, leader of its own session and group. */
  readonly pid: number
  /** An environment entry (`NAME=value`) that only this container's processes have. */
  readonly environmentEntry: string
}

interface ProcessEntry {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly isZombie: boolean
}

const killRounds = 50
const killRoundMs = 20

/** The pids of all living processes of the container, unordered. */
async function listContainerProcesses(mark: ContainerMark): Promise<number[]> {
  const entries = (await readProcesses()).filter(({ isZombie }) => !isZombie)
  const members = new Set<number>()
  for (const entry of entries) {
    const isMember =
      entry.session === mark.pid || entry.group === mark.pid || entry.pid === mark.pid
    if (isMember || (await hasEntry(entry.pid, mark.environmentEntry))) members.add(entry.pid)
  }
  addDescendants(entries, members)
  members.delete(process.pid)
  return [...members]
}

/** The pids of the living processes of a session. */
export async function listSession(leader: number): Promise<number[]> {
  const entries = await readProcesses()
  return entries.filter((each) => each.session === leader && !each.isZombie).map(({ pid }) => pid)
}

/** Sends a signal once to every process of the container. */
export async function signalContainer(mark: ContainerMark, signal: NodeJS.Signals): Promise<void> {
  const pids = await listContainerProcesses(mark)
  if (pids.length === 0) signalGroup(mark.pid, signal)
  for (const pid of pids) signalProcess(pid, signal)
}

/** Kills in rounds until no process of the container lives: a round catches new forks. */
export async function destroyContainer(mark: ContainerMark): Promise<void> {
  for (let round = 0; round < killRounds; round += 1) {
    const pids = await listContainerProcesses(mark)
    if (pids.length === 0) return
    for (const pid of pids) signalProcess(pid, 'SIGKILL')
    await sleep(killRoundMs)
  }
}

/** Signals the group, synchronously: for the exit of this process. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  signalProcess(-pid, signal)
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended already.
  }
}

async function readProcesses(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc').catch(() => [])
  const entries = await Promise.all(
    names.filter((name) => /^\d+$/u.test(name)).map((name) => readProcess(Number(name))),
  )
  return entries.filter((entry) => entry !== undefined)
}

async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  // The command's name may contain spaces and parentheses: fields follow its last ')'.
  const [state, parent, group, session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (session === undefined) return undefined
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    isZombie: state === 'Z' || state === 'X',
  }
}

async function hasEntry(pid: number, environmentEntry: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
  return `\0${environment}`.includes(`\0${environmentEntry}\0`)
}

function addDescendants(entries: readonly ProcessEntry[], members: Set<number>): void {
  let before = -1
  while (before !== members.size) {
    before = members.size
    for (const { pid, parent } of entries) if (members.has(parent)) members.add(pid)
  }
}
