/**
 * What is too large for an entry, beside the journal: a file per payload in `payloads/`, named by its SHA-256. An entry that
 * names one is appended once the file is on the disk.
 */
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makePrivate, privateFileMode, privateFolderMode } from '../leases/private-files.ts'
import { errnoOf, readFailure } from './file-errors.ts'
import type { Entry } from './journal.ts'
import { syncFolder } from './segments.ts'

export interface Payloads {
  /** Resolves with the digest once the bytes are on the disk. Rejects with what the file system says. */
  put(bytes: Uint8Array): Promise<string>
  /** Undefined for one that is gone, or not what it was. */
  get(sha256: string): Buffer | undefined
}

const folderName = 'payloads'

/** Those of the journal in a folder. Nothing is made before the first is put. */
export function openPayloads(journal: string): Payloads {
  const folder = payloadFolder(journal)
  return {
    async put(bytes) {
      const sha256 = payloadDigest(bytes)
      const path = join(folder, sha256)
      // One that is there may be damaged, or its name not durable yet.
      if (readPayload(journal, sha256) === undefined) {
        // Not those above it: where the journal was moved or removed, none begins.
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

/** Names of payloads in the folder, of unfinished ones too; none when there is no folder. Throws JOURNAL_UNREADABLE. */
export function listPayloads(journal: string): readonly string[] {
  const folder = payloadFolder(journal)
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{64}(\..+\.part)?$/.test(name))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw readFailure(folder, error)
  }
}

/** What is wrong with a payload that an entry names; undefined when nothing is. */
export function payloadProblem(journal: string, sha256: string): string | undefined {
  try {
    const bytes = readFileSync(payloadPath(journal, sha256))
    return payloadDigest(bytes) === sha256 ? undefined : 'is damaged'
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'is missing' : `cannot be read (${errnoOf(error)})`
  }
}

/**
 * Makes a folder that was copied here its owner's alone, and removes what a process that was killed has left unfinished. The
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

/** Where a payload stands. */
export function payloadPath(journal: string, name: string): string {
  return join(payloadFolder(journal), name)
}

/** The digest that an entry names. */
export function payloadOf({ event }: Entry): string | undefined {
  const sha256 = event !== undefined && 'dataSha256' in event ? event.dataSha256 : undefined
  return typeof sha256 === 'string' && digestPattern.test(sha256) ? sha256 : undefined
}

/**
 * The digests that the text of entries or of a state names, perhaps some more: what a user has submitted may hold the same
 * words.
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
