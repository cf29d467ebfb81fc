/** Rules for the entries of archives. */
import { posix } from 'node:path'
import { JarcastError } from '../errors.ts'
import { showName } from './archive-names.ts'

export interface ArchiveLimits {
  /** Files, folders and links. Default 200,000. */
  readonly maxEntries?: number
  /** Unpacked size of all files. Default 32 GiB. */
  readonly maxBytes?: number
  /** Unpacked bytes per byte of the archive, after the first 64 MiB. Default 200. */
  readonly maxRatio?: number
}

/** Called with the number of bytes before the first one is written. Throws without room. */
export type MakeRoom = (sizeBytes: number) => Promise<void>

const maxPathLength = 1024
const maxDepth = 64
const unjudgedBytes = 64 * 1024 * 1024
/** Bytes of an entry besides its content: header, padding, extended headers with long names. */
const headBytes = 4096
/**
 * Errors of the file system for a contradictory archive, such as a file at the path of a folder.
 */
const archiveFaults: readonly unknown[] = [
  'EEXIST',
  // From file systems that allow only names in UTF-8.
  'EILSEQ',
  'EISDIR',
  'EINVAL',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'ENOTEMPTY',
]

/** Returns why an entry must not have this path; undefined if it may. */
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
 * Returns why a symbolic link at `path` must not have this target; undefined if it may. A target
 * may first go up, but not out of the folder, and then only down. If all links are such, none leads
 * out of the folder, not even through another link.
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

/**
 * Returns a function that counts unpacked entries and bytes, and returns which limit is exceeded.
 */
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
 * Returns a function that counts decompressed bytes, with headers and padding, and returns which
 * limit is exceeded. The limits allow some bytes per entry besides its content.
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
 * Readable for all and writable for none, since tasks share the files. Without setuid and setgid.
 */
export function fileMode(mode: number): number {
  return 0o444 | (mode & 0o111 ? 0o111 : 0)
}

export function corruptArchive(archive: string, why: string, cause?: unknown): JarcastError {
  const message = `archive ${archive}: ${showName(why)}`
  return new JarcastError('LIBRARY_CORRUPT', message, { cause })
}

/**
 * Converts an error to `LIBRARY_CORRUPT`, unless it is a `JarcastError`, or comes from the host: a
 * disk that is full or read-only, or has other permissions.
 */
export function toArchiveError(archive: string, error: unknown): unknown {
  if (error instanceof JarcastError) return error
  const { code, syscall, message } = error as NodeJS.ErrnoException
  const isHosts = syscall !== undefined && !archiveFaults.includes(code)
  return isHosts ? error : corruptArchive(archive, message, error)
}
