/** Errors of this machine's files. */
import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { JarcastError } from './errors.ts'

const fullDisk: readonly unknown[] = ['ENOSPC', 'EDQUOT']
const networkCalls: readonly unknown[] = ['connect', 'getaddrinfo', 'shutdown', 'bind', 'listen']
/** Calls on files and sockets alike; what of their errors can only be a file's. */
const sharedCalls: readonly unknown[] = ['read', 'write', 'writev', 'close']
const fileCodes: readonly unknown[] = [...fullDisk, 'EIO', 'EROFS', 'EFBIG', 'EISDIR', 'EBADF']

function remedyOf(code: string | undefined): string {
  return code === 'EMFILE' || code === 'ENFILE'
    ? 'raise the limit of open files (ulimit -n)'
    : 'let the user of this process read and write there, or name another folder'
}

/** Says that bytes are free, if they are: then it is the number of files, or a quota. */
function freeOf(path: string | undefined): string {
  try {
    const { bavail, bsize } = statfsSync(dirname(path ?? ''))
    const megabytes = (bavail * bsize) / 1e6
    return path === undefined || megabytes < 10
      ? ''
      : `, though ${megabytes.toFixed(0)} MB are free: look at inodes, and quotas`
  } catch {
    return ''
  }
}

/**
 * `DISK_FULL` or `FILE_UNUSABLE` for an error of this machine's files, so that nothing remote is blamed
 * for it; any other error as it is. `what` says what the file is for: `the package cache`.
 */
export function toFileError(error: unknown, what: string, retryable = false): unknown {
  if (error instanceof JarcastError) return error
  const { code, syscall, path } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  if (typeof syscall !== 'string' || networkCalls.includes(syscall)) return error
  if (sharedCalls.includes(syscall) && !fileCodes.includes(code)) return error
  const place = path === undefined ? '' : ` at ${path}`
  const isFull = fullDisk.includes(code)
  const message = isFull
    ? `no room on this machine's disk for ${what}${place} (${code}${freeOf(path)}): make room, or name a folder on another disk`
    : `${what} cannot be used: ${syscall} fails${place} (${code}); ${remedyOf(code)}`
  const details = { ...(path !== undefined && { path }), errno: String(code) }
  return new JarcastError(isFull ? 'DISK_FULL' : 'FILE_UNUSABLE', message, {
    cause: error,
    retryable,
    details,
  })
}
