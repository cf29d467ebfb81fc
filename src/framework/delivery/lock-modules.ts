/** The packages that a module imports, in the lock file. */
import { dirname, relative, resolve } from 'node:path'
import { changeLock, lockOutdated } from '../../coordinates/change-lock.ts'
import { readPackageLock } from '../../coordinates/packages/package-lock.ts'
import type { PackageLock } from '../../coordinates/packages/package-lock.ts'
import type { LockedImport, ModuleLock } from '../../coordinates/packages/shipped-lock.ts'
import { writeFailure } from '../../journal/files/file-errors.ts'
import { createFolder } from '../../journal/files/segments.ts'
import type { TracedModules } from '../../tracing/trace-modules.ts'
import { readTracedPackages } from '../../tracing/traced-packages.ts'
import { lockFileOf } from '../options/lock-file.ts'
import type { LockSettings } from '../options/lock-file.ts'

/**
 * Records the packages in the lock file, or compares them with it if it must stay as it is. A
 * module that imports none has no entry. Returns what was recorded otherwise, in words. Rejects
 * with `PACKAGE_LOCK_OUTDATED` and `PACKAGE_LOCK_INVALID`; with `JOURNAL_UNWRITABLE` and
 * `JOURNAL_FULL` if the file is beside a journal whose folder cannot be made.
 */
export async function lockModules(
  traced: Pick<TracedModules, 'files' | 'folder' | 'modules'>,
  settings: LockSettings,
): Promise<readonly string[]> {
  const file = lockFileOf(settings)
  const { isFrozen = false } = settings.packages
  if (file === undefined && !isFrozen) return []
  const [module = ''] = traced.modules.keys()
  const key = relative(dirname(resolve(file ?? '')), resolve(module))
  const packages = await readTracedPackages(traced)
  const before = file === undefined ? undefined : (await readPackageLock(file))?.modules?.[key]
  const changes = describeChanges(before ?? {}, packages)
  if (isFrozen && changes.length > 0)
    throw lockOutdated(file, `is for other packages of ${key}: ${changes.join(', ')}`)
  if (isFrozen || file === undefined || changes.length === 0) return []
  // The folder of a journal is made when it is opened, which may be later.
  if (settings.packages.lockFile === undefined) await makeJournalFolder(dirname(file))
  await changeLock(file, ({ modules, ...others }) => ({
    ...others,
    modules: withModule(modules, key, packages),
  }))
  return before === undefined ? [] : changes
}

async function makeJournalFolder(folder: string): Promise<void> {
  try {
    await createFolder(folder)
  } catch (error) {
    throw writeFailure(folder, error)
  }
}

function withModule(
  modules: PackageLock['modules'],
  key: string,
  packages: ModuleLock,
): NonNullable<PackageLock['modules']> {
  const { [key]: _, ...others } = modules ?? {}
  return Object.keys(packages).length === 0 ? others : { ...others, [key]: packages }
}

function describeChanges(before: ModuleLock, now: ModuleLock): readonly string[] {
  const places = new Set([...Object.keys(before), ...Object.keys(now)])
  return [...places].toSorted().flatMap((place) => describeChange(place, before[place], now[place]))
}

function describeChange(
  place: string,
  before: LockedImport | undefined,
  now: LockedImport | undefined,
): readonly string[] {
  const name = place.replace(/^.*?node_modules\//, '')
  if (before === undefined) return [`${name} ${now?.version} is new`]
  if (now === undefined) return [`${name} ${before.version} is not imported`]
  if (before.version !== now.version)
    return [`${name} ${now.version} in place of ${before.version}`]
  return before.sha256 === now.sha256 ? [] : [`${name} ${now.version} has other files`]
}
