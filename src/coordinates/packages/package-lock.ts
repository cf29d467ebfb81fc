/**
 * The lock file: the resolved packages with their digests. With it jarcast ships the same bytes on
 * every machine, and resolves nothing again.
 */
import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isRecord, parseJson } from '../../domain/json.ts'
import { isSafeFileName } from '../../domain/libraries/library.ts'
import { isPackagePlace, nameAtPlace } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'
import type { Conflict } from './conflict.ts'
import { isModuleLocks, isRuntimeLock } from './shipped-lock.ts'
import type { ModuleLock, RuntimeLock } from './shipped-lock.ts'

export interface PackageLock {
  readonly formatVersion: 1
  readonly maven?: MavenLock
  readonly npm?: NpmLock
  readonly runtimes?: RuntimeLock
  /** By path of the module, relative to the lock file. */
  readonly modules?: Readonly<Record<string, ModuleLock>>
}

export interface MavenLock {
  /** A lock for another request is not used. */
  readonly request: MavenLockRequest
  /** Ids that the coordinates of the request resolved to. */
  readonly roots: readonly string[]
  /** Ids in class-path order. */
  readonly classPath: readonly string[]
  /** By id, `group:artifact[:extension[:classifier]]:version`. */
  readonly artifacts: Readonly<Record<string, LockedArtifact>>
  readonly conflicts: readonly Conflict[]
}

export interface MavenLockRequest {
  readonly packages: readonly string[]
  readonly boms: readonly string[]
  readonly exclusions: readonly string[]
  readonly platform: Readonly<Record<string, string>>
}

export interface LockedArtifact {
  /** File name, unique in the lock. */
  readonly name: string
  readonly version: string
  readonly sha256: string
  readonly sizeBytes: number
  /** Below the root of the repository. */
  readonly path: string
  readonly scope: string
  /** False for files that no class loader can use. */
  readonly isOnClassPath: boolean
  readonly dependencies: readonly string[]
}

export interface NpmLock {
  readonly request: {
    readonly packages: readonly string[]
    /** As in a package.json. */
    readonly overrides?: Readonly<Record<string, unknown>>
    readonly platform: Readonly<Record<string, string>>
  }
  /** By place, `node_modules/a/node_modules/b`. */
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface LockedPackage {
  /** Of the package; the folder of an alias has another name. */
  readonly name: string
  readonly version: string
  readonly sha256: string
  readonly sizeBytes: number
  readonly integrity: string
  readonly resolved: string
  /** Its entry in npm's own package lock, which the next resolution starts from. */
  readonly entry: Readonly<Record<string, unknown>>
}

const maxBytes = 32 * 1024 * 1024

/** `npm:name@1.2.3`, or `npm:alias@npm:name@1.2.3`. */
export function describePackage(
  place: string,
  { name, version }: Pick<LockedPackage, 'name' | 'version'>,
): string {
  const own = `npm:${name}@${version}`
  const folder = nameAtPlace(place)
  return folder === name ? own : `npm:${folder}@${own}`
}

/** Undefined when the file does not exist. Rejects with `PACKAGE_LOCK_INVALID`. */
export async function readPackageLock(file: string): Promise<PackageLock | undefined> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw invalidLock(file, `it cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause)
  })
  if (text === undefined) return undefined
  const lock = text.length > maxBytes ? undefined : parseJson(text)
  if (!isRecord(lock)) throw invalidLock(file, 'it is not a JSON object')
  if (lock['formatVersion'] !== 1) {
    throw invalidLock(
      file,
      `its formatVersion is ${JSON.stringify(lock['formatVersion'])}, this jarcast reads 1`,
    )
  }
  const { maven, npm, runtimes, modules } = lock
  if (maven !== undefined && !isMavenLock(maven))
    throw invalidLock(file, 'its Maven part is incomplete or invalid')
  if (npm !== undefined && !isNpmLock(npm))
    throw invalidLock(file, 'its npm part is incomplete or invalid')
  if (runtimes !== undefined && !isRuntimeLock(runtimes))
    throw invalidLock(file, 'its part about runtimes is incomplete or invalid')
  if (modules !== undefined && !isModuleLocks(modules))
    throw invalidLock(file, 'its part about modules is incomplete or invalid')
  return lock as unknown as PackageLock
}

/**
 * Writes the file atomically, unless it has the same bytes. True when it was written. Rejects with
 * `PACKAGE_LOCK_INVALID`.
 */
export async function writePackageLock(file: string, lock: PackageLock): Promise<boolean> {
  const text = formatPackageLock(lock)
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false
  const temporary = `${file}.${randomBytes(6).toString('hex')}.part`
  try {
    await writeFile(temporary, text)
    await rename(temporary, file)
  } catch (cause) {
    throw invalidLock(
      file,
      `it cannot be written (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    )
  } finally {
    await rm(temporary, { force: true })
  }
  return true
}

/** JSON with sorted keys, two spaces, and a newline at the end: equal locks have equal texts. */
export function formatPackageLock(lock: PackageLock): string {
  return `${JSON.stringify(sortKeys(lock), null, 2)}\n`
}

/** A copy with the keys of every object sorted. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isRecord(value)) return value
  const keys = Object.keys(value).toSorted()
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]))
}

function isMavenLock(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { request, artifacts, classPath, roots, conflicts } = value
  if (!isRecord(request) || !isRecord(artifacts) || !Array.isArray(conflicts)) return false
  if (![classPath, roots].every((list) => isTextList(list))) return false
  const ids = classPath as readonly string[]
  return (
    ids.every((id) => Object.hasOwn(artifacts, id)) && Object.values(artifacts).every(isArtifact)
  )
}

function isArtifact(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { name, path, dependencies } = value
  return (
    typeof name === 'string' &&
    isSafeFileName(name) &&
    typeof path === 'string' &&
    path.split('/').every(isSafeFileName) &&
    isTextList(dependencies) &&
    hasDigest(value)
  )
}

function isNpmLock(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value['request']) || !isRecord(value['packages'])) return false
  return Object.entries(value['packages']).every(([location, found]) => {
    if (!isRecord(found) || !hasDigest(found)) return false
    const texts = ['name', 'version', 'integrity', 'resolved']
    return (
      isPackagePlace(location) &&
      texts.every((name) => typeof found[name] === 'string') &&
      isRecord(found['entry'])
    )
  })
}

function hasDigest({ sha256, sizeBytes }: Readonly<Record<string, unknown>>): boolean {
  return (
    typeof sha256 === 'string' && /^[\da-f]{64}$/.test(sha256) && Number.isSafeInteger(sizeBytes)
  )
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function invalidLock(file: string, why: string, cause?: unknown): JarcastError {
  const message = `lock file ${file} cannot be used: ${why}`
  return new JarcastError('PACKAGE_LOCK_INVALID', message, { cause, details: { path: file } })
}
