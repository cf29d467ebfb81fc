/** What an archive may hold, whoever made it. */
import { posix } from 'node:path'
import { JarcastError } from '../errors.ts'

export interface ArchiveLimits {
  /** Files, folders and links. Default 200,000. */
  readonly maxEntries?: number
  /** Of all files, unpacked. Default 32 GiB. */
  readonly maxBytes?: number
  /** Unpacked bytes per byte of the archive, of those beyond the first 64 MiB. Default 200. */
  readonly maxRatio?: number
}

const maxPathLength = 1024
const maxDepth = 64
const unjudgedBytes = 64 * 1024 * 1024

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
 * Why a symbolic link at `path` may not lead to `target`; undefined when it may. A target first goes up, and not out of the
 * folder, and then only down: where all links are such, none leads out, not even by way of another.
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

/** Readable, and not for anybody to change: tasks share what is unpacked. No bits that give somebody else's rights. */
export function fileMode(mode: number): number {
  return 0o444 | (mode & 0o111 ? 0o111 : 0)
}

export function corruptArchive(archive: string, why: string, cause?: unknown): JarcastError {
  const message = `archive ${archive}: ${why}`
  return new JarcastError('LIBRARY_CORRUPT', message, cause === undefined ? {} : { cause })
}
