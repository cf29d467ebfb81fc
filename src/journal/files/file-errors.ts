/** Errors of a journal's files, each with its remedy. */
import { basename, dirname } from 'node:path'
import { JarcastError } from '../../errors.ts'

/** A place in a journal. `seq` is that of the entry expected there, or after it. */
export interface JournalPlace {
  readonly file: string
  /** 1 for the header. */
  readonly line: number
  readonly seq: number
  /** Offset of the line's first byte. */
  readonly byte: number
}

/** JOURNAL_CORRUPT: a line that was changed, no unfinished write. Line 0: the whole file. */
export function corrupt(place: JournalPlace, reason: string): JarcastError {
  const { file, line, seq, byte } = place
  const where =
    line === 0 ? `(entry ${seq}, byte ${byte})` : `line ${line} (entry ${seq}, byte ${byte})`
  return new JarcastError(
    'JOURNAL_CORRUPT',
    `${file}, ${where} ${reason}: restore it from a copy${whatIsLost(file)}`,
    { details: { file, line, seq, byte } },
  )
}

/** JOURNAL_CORRUPT: a snapshot belongs to an entry after the last one. */
export function lostEntries(file: string, lastSeq: number, snapshotSeq: number): JarcastError {
  const folder = dirname(file)
  return new JarcastError(
    'JOURNAL_CORRUPT',
    `the journal in ${folder} ends with entry ${lastSeq}, but there is a snapshot of entry ${snapshotSeq}: ` +
      `entries are lost; restore its files from a copy${whatIsLost(file)}`,
    { details: { file, line: 1, seq: lastSeq + 1, byte: 0 } },
  )
}

/** A repair needs a folder, not an exported file. */
function whatIsLost(file: string): string {
  if (!/^(journal|snapshot)-\d{16}\./.test(basename(file))) return ''
  return `, or list what would be lost: \`jarcast journal repair ${dirname(file)}\``
}

const readOnly = 'let the user of this process write there, or name another folder'
const readable = 'let the user of this process read it, and check the disk'
const descriptors = 'no file descriptors are left: raise their limit (ulimit -n), then start again'
const remedies = new Map([
  ['ENOSPC', ['JOURNAL_FULL', 'make room (or inodes) on that disk, then start again']],
  ['EDQUOT', ['JOURNAL_FULL', 'raise the quota or make room, then start again']],
  ['EROFS', ['JOURNAL_UNWRITABLE', 'its file system is mounted read-only: name another folder']],
  ['EACCES', ['JOURNAL_UNWRITABLE', readOnly]],
  ['EPERM', ['JOURNAL_UNWRITABLE', readOnly]],
  ['EEXIST', ['JOURNAL_UNWRITABLE', 'it is already there: name another']],
  ['ENOTDIR', ['JOURNAL_UNWRITABLE', 'a part of it is a file: name a folder']],
  ['EMFILE', ['JOURNAL_UNWRITABLE', descriptors]],
  ['ENFILE', ['JOURNAL_UNWRITABLE', descriptors]],
] as const)

/** JOURNAL_FULL or JOURNAL_UNWRITABLE for an error of the file system; other errors unchanged. */
export function writeFailure(path: string, cause: unknown): unknown {
  const errno = errnoOf(cause)
  if (errno === undefined) return cause
  const [code, remedy] = remedies.get(errno as 'EROFS') ?? [
    'JOURNAL_UNWRITABLE',
    'check that disk, then start again',
  ]
  const what = code === 'JOURNAL_FULL' ? 'no room left for the journal' : 'cannot write'
  return new JarcastError(code, `${what} ${path} (${errno}): ${remedy}`, {
    cause,
    details: { path, errno },
  })
}

/** JOURNAL_NOT_FOUND or JOURNAL_UNREADABLE for a file system error; other errors unchanged. */
export function readFailure(path: string, cause: unknown): unknown {
  const errno = errnoOf(cause)
  if (errno === undefined) return cause
  if (errno === 'ENOENT') return notFound(path)
  const isLimit = errno === 'EMFILE' || errno === 'ENFILE'
  return new JarcastError(
    'JOURNAL_UNREADABLE',
    `cannot read ${path} (${errno}): ${isLimit ? descriptors : readable}`,
    { cause, details: { path, errno } },
  )
}

/** JOURNAL_UNWRITABLE: the file was removed during the write. */
export function removed(path: string): JarcastError {
  return new JarcastError(
    'JOURNAL_UNWRITABLE',
    `cannot write ${path}: it was removed while this process wrote it; ` +
      'bring the folder back from a copy, or name another folder',
    { details: { path } },
  )
}

export function notFound(path: string): JarcastError {
  return new JarcastError('JOURNAL_NOT_FOUND', `there is no journal at ${path}: check the path`, {
    details: { path },
  })
}

/** JOURNAL_ENTRY_INVALID: a record or snapshot is refused; the journal is unchanged. */
export function entryInvalid(reason: string, cause?: unknown): JarcastError {
  return new JarcastError('JOURNAL_ENTRY_INVALID', reason, { cause })
}

/** The code of a file system error, such as ENOENT; undefined for other errors. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'syscall' in error && 'code' in error
    ? String(error.code)
    : undefined
}
