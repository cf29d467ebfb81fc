/**
 * The agent's resources after operations, and the folders of its persistent volumes: created by
 * CREATE, linked into sandboxes, kept when tasks end, removed by DESTROY. Both are in the work
 * folder and outlive the agent.
 * Source: apache/mesos docs/persistent-volume.md; src/slave/paths.cpp (getPersistentVolumePath),
 * src/slave/slave.cpp (syncCheckpointedResources),
 * src/slave/containerizer/mesos/isolators/filesystem/posix.cpp.
 */
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolders } from '../../leases/private-files.ts'
import type { Resource } from '../../mesos/types.generated.ts'
import type { Conversion } from '../resources/resource-operations.ts'
import { reservationRole } from '../resources/resource-shape.ts'
import {
  addAmounts,
  amountsOf,
  containsAmounts,
  subtractAmounts,
  toResources,
} from '../resources/resources.ts'
import type { Amounts } from '../resources/resources.ts'

export interface AgentResources {
  total(): readonly Resource[]
  /**
   * Resolves when volumes are created or removed; rejects with the system's error. Calls run one
   * after the other.
   */
  apply(conversions: readonly Conversion[]): Promise<void>
  /** Links the volumes among `resources` into a sandbox, by their container path. */
  link(resources: readonly Resource[] | undefined, directory: string): Promise<void>
}

/** Reads the record in `workDir`, if it is of an agent with the same resources. */
export async function openAgentResources(
  workDir: string,
  initial: readonly Resource[],
): Promise<AgentResources> {
  const file = join(workDir, 'meta', 'resources', 'resources.json')
  let total = amountsOf((await readRecord(file, initial)) ?? initial)
  let last = Promise.resolve()

  async function sync(conversions: readonly Conversion[]): Promise<void> {
    for (const { consumed, converted } of conversions) {
      for (const volume of volumesOf(toResources(subtractVolumes(converted, consumed)))) {
        makeFolders(volumePath(workDir, volume))
      }
      for (const volume of volumesOf(toResources(subtractVolumes(consumed, converted)))) {
        await rm(volumePath(workDir, volume), { recursive: true, force: true })
      }
    }
    await writeRecord(file, initial, toResources(total))
  }

  return {
    total: () => toResources(total),
    apply(conversions) {
      total = conversions.reduce(convert, total)
      const done = last.then(() => sync(conversions))
      last = done.catch(() => {})
      return done
    },
    async link(resources = [], directory) {
      await last
      for (const volume of volumesOf(resources)) await linkVolume(workDir, volume, directory)
    },
  }
}

/** For simulated agents: without folders. */
export function simulateResources(initial: readonly Resource[]): AgentResources {
  let total = amountsOf(initial)
  return {
    total: () => toResources(total),
    async apply(conversions) {
      total = conversions.reduce(convert, total)
    },
    link: () => Promise.resolve(),
  }
}

/** True if the resources include persistent volumes. */
export function hasVolumes(resources: readonly Resource[] | undefined): boolean {
  return volumesOf(resources ?? []).length > 0
}

function convert(total: Amounts, { consumed, converted }: Conversion): Amounts {
  return containsAmounts(total, consumed)
    ? addAmounts(subtractAmounts(total, consumed), converted)
    : total
}

/** A resized volume stays. */
function subtractVolumes(left: Amounts, right: Amounts): Amounts {
  return new Map([...left].filter(([key]) => !right.has(key)))
}

function volumesOf(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter(({ disk }) => disk?.persistence !== undefined)
}

function volumePath(workDir: string, volume: Resource): string {
  const role = reservationRole(volume).replaceAll('/', ' ')
  return join(workDir, 'volumes', 'roles', role, volume.disk?.persistence?.id ?? '')
}

/** Links only container paths of one name, as Mesos' posix isolators do. */
async function linkVolume(workDir: string, volume: Resource, directory: string): Promise<void> {
  const { containerPath = '' } = volume.disk?.volume ?? {}
  if (!/^[^/]+$/u.test(containerPath) || containerPath === '.' || containerPath === '..') return
  const target = volumePath(workDir, volume)
  const link = join(directory, containerPath)
  await symlink(target, link).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

interface ResourceRecord {
  readonly initial: readonly Resource[]
  readonly total: readonly Resource[]
}

async function readRecord(
  file: string,
  initial: readonly Resource[],
): Promise<readonly Resource[] | undefined> {
  try {
    const record = JSON.parse(await readFile(file, 'utf8')) as ResourceRecord
    const isSame = JSON.stringify(record.initial) === JSON.stringify(initial)
    return isSame ? record.total : undefined
  } catch {
    return undefined
  }
}

async function writeRecord(
  file: string,
  initial: readonly Resource[],
  total: readonly Resource[],
): Promise<void> {
  const record: ResourceRecord = { initial, total }
  makeFolders(dirname(file))
  await writeFile(`${file}.next`, JSON.stringify(record), { mode: 0o600 })
  await rename(`${file}.next`, file)
}
