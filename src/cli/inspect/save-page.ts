/** `--html`: runs in one HTML file, which needs neither a server nor a network. */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import { configInvalid } from '../../errors.ts'
import { toFileError } from '../../file-error.ts'
import { recordedToSave, savedRunOf } from '../../framework/inspection/saved-run.ts'
import { Charts } from '../../inspector/chart/charts.ts'
import { layOutHere } from '../../inspector/chart/elk.ts'
import { savedPage } from '../../inspector/saved/saved-page.ts'
import type { SavedRun } from '../../inspector/saved/saved-elements.ts'
import { privateFileMode } from '../../leases/private-files.ts'
import { openRuns } from './open-runs.ts'

export interface SavePageOptions {
  /** Replace a file that exists. */
  readonly force?: boolean
  /** Module with the machine of the journals, if it is not jarcast's. */
  readonly machine?: string
}

/**
 * Writes a page with these journals; it holds all that they hold, so only its owner can read it.
 * Throws CONFIG_INVALID if the file exists or cannot be made, FILE_UNUSABLE, DISK_FULL, and what reading throws.
 */
export async function savePage(
  paths: readonly string[],
  file: string,
  { force = false, machine }: SavePageOptions,
): Promise<{ readonly sizeBytes: number }> {
  if (!force && existsSync(file)) {
    throw configInvalid('html', `${file} exists: name another file, or replace it with --force`)
  }
  // Written beside it, so that its name never has half a page.
  const part = `${resolve(file)}.${randomUUID()}`
  try {
    const handle = await openNew(part, file)
    try {
      for await (const piece of savedPage(await readRuns(paths, machine)))
        await handle.appendFile(piece)
      const { size } = await handle.stat()
      await rename(part, file)
      return { sizeBytes: size }
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    throw toFileError(error, 'the page')
  }
}

async function openNew(part: string, file: string): Promise<FileHandle> {
  try {
    return await open(part, 'wx', privateFileMode)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOSPC' || code === 'EDQUOT') throw cause
    const remedy = 'name a file in a folder where you may write'
    throw configInvalid('html', `${file} cannot be written (${code}): ${remedy}`, cause)
  }
}

/** Writes the page to a stream, such as stdout, until its reader closes it. */
export async function streamPage(
  paths: readonly string[],
  stream: NodeJS.WritableStream,
  { machine }: Pick<SavePageOptions, 'machine'>,
): Promise<void> {
  for await (const piece of savedPage(await readRuns(paths, machine))) {
    const isWritten = await new Promise<boolean>((done) => {
      stream.write(piece, (error) => done(!error))
    })
    if (!isWritten) return
  }
}

async function readRuns(
  paths: readonly string[],
  machine: string | undefined,
): Promise<readonly SavedRun[]> {
  // Nothing else waits for this thread, and one of its own would load ELK for each chart.
  const charts = new Charts(layOutHere)
  return await Promise.all(
    (await openRuns(paths, machine)).map((run) => savedRunOf(recordedToSave(run), charts)),
  )
}
