/** The rules for the content of an archive. */
import { posix } from 'node:path'
import { JarcastError } from '../errors.ts'
import { showName } from './archive-names.ts'

export interface ArchiveLimits {
  /** Files, folders and links. Default 200,000. */
  readonly maxEntries?: number
  /** Of all files, unpacked. Default 32 GiB. */
  readonly maxBytes?: number
  /** Unpacked bytes per byte of the archive, of those beyond the first 64 MiB. Default 200. */
  readonly maxRatio?: number
}

/** Makes room for that number of bytes, or throws. Called before the first one is written. */
export type MakeRoom = (sizeBytes: number) => Promise<void>

const maxPathLength = 1024
const maxDepth = 64
const unjudgedBytes = 64 * 1024 * 1024
/** Of an entry: header, padding, and extended headers with long names. */
const headBytes = 4096
/**
 * What the file system says to an archive that contradicts itself, such as a file in the place of a
 * folder.
 */
const archiveFaults: readonly unknown[] = [
  'EEXIST',
  // Of file systems that take no names that are not UTF-8.
  'EILSEQ',
  'EISDIR',
  'EINVAL',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'ENOTEMPTY',
]

/** Why nothing may be put at this path of an archive; undefined when something may. */
export function findPathFault(path: string): string | undefined {
  const parts = path.split(/[/\\]/)
  if (path.length > maxPathLength || parts.length > maxDepth) return 'a path that is too long'
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(path)) return `a control character in ${JSON.stringify(path)}`
  if (/^([/\\]|[a-z]:)/i.test(path)) return `an absolute path: ${path}`
  if (parts.includes('..')) return `a path out of its folder: ${path}`
  return undefined
}

/**
 * Why a symbolic link at `path` may not lead to `target`; undefined when it may. A target first
 * goes up, and not out of the folder, and then only down: where all links are such, none leads out,
 * not even by way of another.
 */
export function findLinkFault(path: string, target: string): string | undefined {
  const leads = `a link out of its folder: ${path} -> ${target}`
  const [, rest = ''] = /^(?:\.\.?\/+)*(.*)$/s.exec(target) ?? []
  if (target === '' || target.length > maxPathLength) return `a link to nowhere: ${path}`
  if (posix.isAbsolute(target) || target.includes('\u0000')) return leads
  const below = rest === '..' ? [] : rest.split('/')
  const reached = posix.join(posix.dirname(posix.normalize(path)), target)
  const isInside = reached !== '..' && !reached.startsWith('../')
  return below.includes('..') || !isInside ? leads : undefined
}

/** Counts what an archive unpacks to; gives why it is too much. */
export function createMeter(archiveBytes: number, limits: ArchiveLimits) {
  const { maxEntries = 200_000, maxBytes = 32 * 1024 ** 3, maxRatio = 200 } = limits
  let entries = 0
  let bytes = 0
  return (sizeBytes: number): string | undefined => {
    entries += 1
    bytes += sizeBytes
    if (entries > maxEntries) return `more than ${maxEntries} entries`
    if (bytes > maxBytes) return `more than ${maxBytes} bytes`
    if (bytes > unjudgedBytes && bytes > maxRatio * archiveBytes)
      return `more than ${maxRatio} bytes for each of its own`
    return undefined
  }
}

/**
 * Counts the bytes that come out of an archive, with headers and padding; gives why they are too
 * many. Each entry may bring some that are no content.
 */
export function createByteMeter(archiveBytes: number, limits: ArchiveLimits) {
  const { maxEntries = 200_000, maxBytes = 32 * 1024 ** 3, maxRatio = 200 } = limits
  const maxAllBytes = maxBytes + maxEntries * headBytes
  let bytes = 0
  return (sizeBytes: number): string | undefined => {
    bytes += sizeBytes
    if (bytes > maxAllBytes) return `more than ${maxAllBytes} bytes with headers and padding`
    if (bytes > unjudgedBytes && bytes > maxRatio * archiveBytes)
      return `more than ${maxRatio} bytes for each of its own`
    return undefined
  }
}

/**
 * Readable, and not for anybody to change: tasks share what is unpacked. No bits that give somebody
 * else's rights.
 */
export function fileMode(mode: number): number {
  return 0o444 | (mode & 0o111 ? 0o111 : 0)
}

export function corruptArchive(archive: string, why: string, cause?: unknown): JarcastError {
  const message = `archive ${archive}: ${showName(why)}`
  return new JarcastError('LIBRARY_CORRUPT', message, cause === undefined ? {} : { cause })
}

/**
 * What an error met with an archive is: `LIBRARY_CORRUPT`, unless it has a code of its own, or the
 * file system could not do what any archive would have asked of it (full, read-only, forbidden).
 */
export function toArchiveError(archive: string, error: unknown): unknown {
  if (error instanceof JarcastError) return error
  const { code, syscall, message } = error as NodeJS.ErrnoException
  const isHosts = syscall !== undefined && !archiveFaults.includes(code)
  return isHosts ? error : corruptArchive(archive, message, error)
}
