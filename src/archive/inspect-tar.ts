import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Parser } from 'tar'
import type { ReadEntry } from 'tar'
import { JarcastError } from '../errors.ts'
import { corruptArchive } from './entry-rules.ts'

/**
 * Shows each entry of a tar archive, plain or gzipped, before anything of it is written. Throws `LIBRARY_CORRUPT` with the
 * first fault that `findFault` gives, and for what is no whole archive.
 */
export async function inspectTar(
  path: string,
  findFault: (entry: ReadEntry) => string | undefined,
): Promise<void> {
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      const fault = findFault(entry)
      if (fault === undefined) entry.resume()
      else parser.abort(corruptArchive(basename(path), fault))
    },
  })
  try {
    await pipeline(createReadStream(path), parser as unknown as NodeJS.WritableStream)
  } catch (error) {
    if (error instanceof JarcastError) throw error
    throw corruptArchive(basename(path), (error as Error).message, error)
  }
}
