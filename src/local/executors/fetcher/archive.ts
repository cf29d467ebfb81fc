/**
 * Unpacks what Mesos' fetcher would, by the end of the file's name; a `.jar` stays as it is.
 * Source: apache/mesos src/launcher/fetcher.cpp (extract).
 */
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar'

const run = promisify(execFile)

const TAR = /\.(?:tar|tgz|tar\.gz)$/u
const SYSTEM_TAR = /\.(?:tbz2|tar\.bz2|txz|tar\.xz)$/u

/** True when the file was an archive and is unpacked into `directory`, whose files it may overwrite. */
export async function extractArchive(file: string, directory: string): Promise<boolean> {
  if (TAR.test(file)) await extract({ file, cwd: directory, strict: true })
  else if (SYSTEM_TAR.test(file)) await runTool('tar', ['-xf', file, '-C', directory])
  else if (file.endsWith('.zip')) await runTool('unzip', ['-oq', file, '-d', directory])
  else if (file.endsWith('.gz')) await gunzip(file, directory)
  else return false
  return true
}

async function gunzip(file: string, directory: string): Promise<void> {
  const target = path.join(directory, path.basename(file, '.gz'))
  await pipeline(createReadStream(file), createGunzip(), createWriteStream(target))
}

async function runTool(tool: string, args: readonly string[]): Promise<void> {
  try {
    await run(tool, [...args])
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) throw error
    throw new Error(`'${tool}' is needed to unpack '${args.at(-1)}' and is not installed`, {
      cause: error,
    })
  }
}
