/** Runtimes in the lock file: what was shipped last is shipped again. */
import { changeLock, lockOutdated } from '../../coordinates/change-lock.ts'
import { readPackageLock } from '../../coordinates/packages/package-lock.ts'
import type { LockedArchive, RuntimeLock } from '../../coordinates/packages/shipped-lock.ts'
import { lockFileOf } from '../options/lock-file.ts'
import type { LockSettings } from '../options/lock-file.ts'
import type { PinnedNode } from './pinned-node.ts'

/** Empty without a lock file, and if all is to be resolved again. */
export async function readRuntimeLock(settings: LockSettings): Promise<RuntimeLock> {
  const file = lockFileOf(settings)
  if (file === undefined || settings.packages.isUpdate === true) return {}
  return (await readPackageLock(file))?.runtimes ?? {}
}

/** The build of the lock file, else the given one. */
export function lockedNode(pinned: PinnedNode, { node = {} }: RuntimeLock): PinnedNode {
  return { ...pinned, ...node[pinned.platform] }
}

/** Throws `PACKAGE_LOCK_OUTDATED` if the lock file must stay as it is. */
export function refuseFrozen(settings: LockSettings, lacks: string): void {
  if (settings.packages.isFrozen === true) throw lockOutdated(lockFileOf(settings), lacks)
}

/** Records the build. Rejects with `PACKAGE_LOCK_OUTDATED` if the file must stay as it is. */
export async function lockNode(settings: LockSettings, build: PinnedNode): Promise<void> {
  const { platform, cpu: _, ...locked } = build
  const lacks = `has no Node.js for ${platform}`
  await lockRuntime(settings, lacks, ({ node = {}, ...others }) => {
    // An update is of all platforms: it drops the other versions.
    const isUpdate = settings.packages.isUpdate === true
    const kept = Object.entries(node).filter(
      ([, { version }]) => !isUpdate || version === build.version,
    )
    return { ...others, node: { ...Object.fromEntries(kept), [platform]: locked } }
  })
}

/** The same for the archive that a coordinate resolved to. */
export async function lockArchive(
  settings: LockSettings,
  coordinate: string,
  { version, sha256, sizeBytes }: LockedArchive,
): Promise<void> {
  await lockRuntime(settings, `does not have ${coordinate}`, ({ archives, ...others }) => ({
    ...others,
    archives: { ...archives, [coordinate]: { version, sha256, sizeBytes } },
  }))
}

async function lockRuntime(
  settings: LockSettings,
  lacks: string,
  change: (lock: RuntimeLock) => RuntimeLock,
): Promise<void> {
  const file = lockFileOf(settings)
  refuseFrozen(settings, lacks)
  if (file === undefined) return
  await changeLock(file, ({ runtimes = {}, ...others }) => ({
    ...others,
    runtimes: change(runtimes),
  }))
}
