/**
 * Data that is too large for an entry, stored beside the journal: one file per payload in
 * `payloads/`, named by its SHA-256. An entry that names one is appended after the file is on the
 * disk.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivate, privateFileMode, privateFolderMode } from '../../leases/private-files.ts'
import { errnoOf, readFailure } from './file-errors.ts'
import type { Entry } from '../journal.ts'
import { syncFolder } from './segments.ts'

export interface Payloads {
  /**
   * Resolves with the digest once the bytes are on the disk. Rejects with the error of the file
   * system.
   */
  put(bytes: Uint8Array): Promise<string>
  /** Undefined if the payload is missing or was changed. */
  get(sha256: string): Buffer | undefined
}

const folderName = 'payloads'

/** Opens the payloads of the journal in a folder. Creates nothing before the first `put`. */
export function openPayloads(journal: string): Payloads {
  const folder = payloadFolder(journal)
  return {
    async put(bytes) {
      const sha256 = payloadDigest(bytes)
      const path = join(folder, sha256)
      // An existing file may be damaged, or its name may not be durable yet.
      if (readPayload(journal, sha256) === undefined) {
        // Creates no parent folders: if the journal was moved or removed, it must not start again.
        await mkdir(folder, { mode: privateFolderMode }).catch(ignoreExisting)
        await syncFolder(journal)
        await writeDurably(path, bytes)
      }
      await syncFolder(folder)
      return sha256
    },
    get: (sha256) => readPayload(journal, sha256),
  }
}

export function payloadDigest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * Names of the payloads in the folder, including unfinished ones; empty without the folder. Throws
 * JOURNAL_UNREADABLE.
 */
export function listPayloads(journal: string): readonly string[] {
  const folder = payloadFolder(journal)
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{64}(\..+\.part)?$/.test(name))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw readFailure(folder, error)
  }
}

/** Returns what is wrong with a payload that an entry names; undefined if nothing is. */
export function payloadProblem(journal: string, sha256: string): string | undefined {
  try {
    const bytes = readFileSync(payloadPath(journal, sha256))
    return payloadDigest(bytes) === sha256 ? undefined : 'is damaged'
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'is missing' : `cannot be read (${errnoOf(error)})`
  }
}

/**
 * Restricts a copied folder to its owner, and removes unfinished files of a killed process. The
 * journal must be locked.
 */
export async function tidyPayloads(journal: string): Promise<void> {
  makePrivate(payloadFolder(journal))
  await removePayloads(
    journal,
    listPayloads(journal).filter((name) => name.endsWith(partEnding)),
  )
}

export async function removePayloads(journal: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(payloadPath(journal, name), { force: true })
}

/** The path of a payload. */
export function payloadPath(journal: string, name: string): string {
  return join(payloadFolder(journal), name)
}

/** The digest of a payload, as an entry names it. */
export function payloadOf({ event }: Entry): string | undefined {
  const sha256 = event !== undefined && 'dataSha256' in event ? event.dataSha256 : undefined
  return typeof sha256 === 'string' && digestPattern.test(sha256) ? sha256 : undefined
}

/**
 * Digests named in the text of entries or of a state. It may find too many: data of a user may
 * contain the same words.
 */
export function payloadsNamedIn(bytes: Buffer): readonly string[] {
  const found: string[] = []
  for (let at = bytes.indexOf(nameStart); at !== -1; at = bytes.indexOf(nameStart, at + 1)) {
    const start = at + nameStart.length
    const sha256 = bytes.toString('latin1', start, start + 64)
    if (digestPattern.test(sha256)) found.push(sha256)
  }
  return found
}

const nameStart = '"dataSha256":"'
const digestPattern = /^[0-9a-f]{64}$/
const partEnding = '.part'

function payloadFolder(journal: string): string {
  return join(journal, folderName)
}

function ignoreExisting(error: unknown): void {
  if (errnoOf(error) !== 'EEXIST') throw error
}

function readPayload(journal: string, sha256: string): Buffer | undefined {
  if (!digestPattern.test(sha256)) return undefined
  try {
    const bytes = readFileSync(payloadPath(journal, sha256))
    return payloadDigest(bytes) === sha256 ? bytes : undefined
  } catch {
    return undefined
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const partial = `${path}.${randomUUID()}${partEnding}`
  try {
    const handle = await open(partial, 'wx', privateFileMode)
    try {
      await handle.writeFile(bytes)
      await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw error
  }
}
