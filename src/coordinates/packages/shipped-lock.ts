/**
 * The parts of the lock file about what is shipped without being asked for by name: the runtimes,
 * and the packages that modules import.
 */
import { isRecord } from '../../domain/json.ts'

export interface RuntimeLock {
  /** The Node.js that was shipped last, by platform. */
  readonly node?: Readonly<Record<string, LockedNode>>
  /** The archives that coordinates of runtimes resolved to, by coordinate. */
  readonly archives?: Readonly<Record<string, LockedArchive>>
}

/** A package of npm with a program of Node.js in it. */
export interface LockedNode {
  readonly package: string
  readonly version: string
  /** Of the program. */
  readonly sha256: string
  /** Path of the program in the tarball. */
  readonly member: string
  readonly tarball: { readonly sha256: string; readonly sizeBytes: number }
}

export interface LockedArchive {
  readonly version: string
  readonly sha256: string
  readonly sizeBytes: number
}

/** The installed packages that a module imports, by place: `node_modules/a/node_modules/b`. */
export type ModuleLock = Readonly<Record<string, LockedImport>>

export interface LockedImport {
  readonly version: string
  /** Of the files that the module loads, with their paths. */
  readonly sha256: string
}

export function isRuntimeLock(value: unknown): value is RuntimeLock {
  if (!isRecord(value)) return false
  const { node = {}, archives = {} } = value
  return isRecordOf(node, isNode) && isRecordOf(archives, (one) => isVersioned(one) && hasSize(one))
}

/** By path of the module, relative to the lock file. */
export function isModuleLocks(value: unknown): value is Readonly<Record<string, ModuleLock>> {
  return isRecordOf(value, (modules) => isRecordOf(modules, isVersioned))
}

function isNode(value: unknown): boolean {
  if (!isRecord(value) || !isVersioned(value)) return false
  const { package: name, member, tarball } = value
  const texts = [name, member].every((text) => typeof text === 'string' && text !== '')
  return texts && isRecord(tarball) && isDigest(tarball['sha256']) && hasSize(tarball)
}

/** Version and digest become words of a command for the shell of an agent. */
function isVersioned(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isRecord(value) || !isDigest(value['sha256'])) return false
  return typeof value['version'] === 'string' && /^[\w.+~-]*$/.test(value['version'])
}

function isDigest(value: unknown): boolean {
  return typeof value === 'string' && /^[\da-f]{64}$/.test(value)
}

function hasSize({ sizeBytes }: Readonly<Record<string, unknown>>): boolean {
  return Number.isSafeInteger(sizeBytes)
}

function isRecordOf(value: unknown, isOne: (value: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(isOne)
}
