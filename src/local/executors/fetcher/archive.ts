/**
 * Unpacks archives as Mesos' fetcher does, by the file's extension. A `.jar` stays.
 * Source: apache/mesos src/launcher/fetcher.cpp (extract).
 */
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar'

const run = promisify(execFile)

const tarPattern = /\.(?:tar|tgz|tar\.gz)$/u
const systemTarPattern = /\.(?:tbz2|tar\.bz2|txz|tar\.xz)$/u

/** True if the file was an archive. It is unpacked into `directory` and may overwrite files. */
export async function extractArchive(file: string, directory: string): Promise<boolean> {
  if (tarPattern.test(file)) await extract({ file, cwd: directory, strict: true })
  else if (systemTarPattern.test(file)) await runTool('tar', ['-xf', file, '-C', directory])
  else if (file.endsWith('.zip')) await runTool('unzip', ['-oq', file, '-d', directory])
  else if (file.endsWith('.gz')) await gunzip(file, directory)
  else return false
  return true
}

async function gunzip(file: string, directory: string): Promise<void> {
  const target = join(directory, basename(file, '.gz'))
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
