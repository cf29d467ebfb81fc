/** The key for all permissions of a run. */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, parseJson } from '../domain/json.ts'
import { JarcastError } from '../errors.ts'
import { createRunKey } from '../server/permissions/access.ts'
import type { RunKey } from '../server/permissions/access.ts'

const fileName = 'key'

/**
 * Reads the key beside the journal in `folder`, which must be locked, or makes it: executors of an
 * earlier process continue to use it. It is not a journal entry, and only its owner may read it.
 * Without a folder, makes a new key in memory. Errors: `CONFIG_INVALID` for a file that is not a
 * key or that other users may read or write; `JOURNAL_UNREADABLE` and `JOURNAL_UNWRITABLE`.
 */
export function openRunKey(folder: string | undefined): RunKey {
  if (folder === undefined) return createRunKey()
  const path = join(folder, fileName)
  return readKey(path) ?? makeKey(folder, path)
}

function readKey(path: string): RunKey | undefined {
  const text = readText(path)
  if (text === undefined) return undefined
  refuseShared(path)
  const value = parseJson(text)
  const secret = isRecord(value) ? Buffer.from(String(value['secret']), 'base64url') : Buffer.of()
  const createdMs = isRecord(value) ? Number(value['createdMs']) : Number.NaN
  if (secret.length === 32 && Number.isSafeInteger(createdMs)) return { secret, createdMs }
  const message = `${path} is not a key of a run; if you remove it, executors of earlier processes cannot fetch libraries any more`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path } })
}

/** Repairing the mode would hide that others may have the key already. */
function refuseShared(path: string): void {
  const mode = statSync(path).mode & 0o777
  // Windows has no such bits.
  if ((mode & 0o077) === 0 || process.platform === 'win32') return
  const message = `${path}, the key of the run, has mode ${mode.toString(8)}: other users can fetch libraries with it; run chmod 600 on it, or remove it if somebody may have read it (executors of earlier processes then cannot fetch libraries any more)`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path } })
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw failed('JOURNAL_UNREADABLE', 'read', path, cause)
  }
}

/** Writes the key by rename, since the process may be killed during the write. */
function makeKey(folder: string, path: string): RunKey {
  const key = createRunKey()
  const { secret, createdMs } = key
  // The temporary file always has the same name, so the secret of a killed process does not stay.
  // Renamed, not linked: some disks have no links.
  const part = join(folder, `${fileName}.tmp`)
  const text = JSON.stringify({ secret: secret.toString('base64url'), createdMs })
  try {
    rmSync(part, { force: true })
    writeFileSync(part, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(part, path)
    return key
  } catch (cause) {
    throw failed('JOURNAL_UNWRITABLE', 'written', path, cause)
  }
}

function failed(
  code: 'JOURNAL_UNREADABLE' | 'JOURNAL_UNWRITABLE',
  what: string,
  path: string,
  cause: unknown,
): JarcastError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `the key of the run cannot be ${what}: ${why}`
  return new JarcastError(code, message, { cause, details: { path } })
}
