/**
 * Fetches the URIs of a command into its sandbox, one by one, as Mesos' fetcher does: http, https
 * and file, `extract` (the default), `executable`, `output_file`, `cache`. Logs to the sandbox's
 * stderr.
 * Source: apache/mesos docs/fetcher.md, src/launcher/fetcher.cpp,
 * src/slave/containerizer/fetcher.cpp.
 */
import { appendFile, chmod, copyFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { messageOf } from '../../../errors.ts'
import { makeFolders, openFolderMode } from '../../../leases/private-files.ts'
import type { CommandInfoURI } from '../../../mesos/types.generated.ts'
import { extractArchive } from './archive.ts'
import { download, headContentLength } from './download.ts'
import type { FetcherCache } from './fetcher-cache.ts'

export interface FetchOptions {
  readonly uris: readonly CommandInfoURI[]
  /** The sandbox. Nothing is written outside of it. */
  readonly directory: string
  readonly containerId: string
  /** Part of the cache's key. */
  readonly user: string
  readonly signal: AbortSignal
}

export interface Fetcher {
  /**
   * Rejects with "Failed to fetch all URIs for container …"; the cause is in the sandbox's stderr.
   */
  fetch(options: FetchOptions): Promise<void>
}

export function createFetcher(cache: FetcherCache): Fetcher {
  return {
    async fetch(options) {
      const log = (line: string): Promise<void> =>
        appendFile(join(options.directory, 'stderr'), `fetcher: ${line}\n`)
      try {
        for (const uri of options.uris) await fetchOne(cache, uri, options, log)
      } catch (error) {
        await log(messageOf(error))
        throw new Error(
          `Failed to fetch all URIs for container '${options.containerId}': exited with status 1`,
          { cause: error },
        )
      }
    },
  }
}

type Log = (line: string) => Promise<void>

async function fetchOne(
  cache: FetcherCache,
  uri: CommandInfoURI,
  options: FetchOptions,
  log: Log,
): Promise<void> {
  const target = await prepareTarget(uri, options.directory)
  const cached = uri.cache === true ? await fetchIntoCache(cache, uri, options, log) : undefined
  if (cached === undefined) {
    await log(`fetching '${uri.value}' into the sandbox`)
    await bring(uri.value, target, options.signal)
    await finish(uri, target, target, options.directory, log)
    return
  }
  try {
    await log(`taking '${uri.value}' from the cache`)
    await finish(uri, cached.path, target, options.directory, log)
  } finally {
    cached.release()
  }
}

/**
 * Undefined if the size is unknown or above the cache's: then the file is fetched without cache.
 */
async function fetchIntoCache(
  cache: FetcherCache,
  uri: CommandInfoURI,
  { signal, user }: FetchOptions,
  log: Log,
): ReturnType<FetcherCache['take']> {
  return cache.take(`${user}\n${uri.value}`, basenameOf(uri.value), {
    size: () => sizeOf(uri.value, signal),
    fill: async (file) => {
      await log(`fetching '${uri.value}' into the cache`)
      await bring(uri.value, file, signal)
    },
  })
}

async function finish(
  uri: CommandInfoURI,
  source: string,
  target: string,
  directory: string,
  log: Log,
): Promise<void> {
  const isExecutable = uri.executable === true
  if (!isExecutable && uri.extract !== false) {
    if (await extractArchive(source, directory)) {
      await log(`extracted '${source}' into '${directory}'`)
      return
    }
    await log(`'${uri.value}' is not extracted: its name is not that of an archive`)
  }
  if (source !== target) await copyFile(source, target)
  if (isExecutable) await chmod(target, 0o755)
}

/** The target in the sandbox. Rejects names that lead out of it. */
async function prepareTarget(uri: CommandInfoURI, directory: string): Promise<string> {
  const name = uri.outputFile ?? basenameOf(uri.value)
  if (name.startsWith('/')) {
    throw new Error('URI output file must be within the sandbox directory')
  }
  const target = join(directory, name)
  if (name === '' || relative(directory, target).split(sep)[0] === '..' || target === directory) {
    throw new Error(`URI output file '${name}' is not a file within the sandbox directory`)
  }
  makeFolders(dirname(target), openFolderMode)
  const parent = await realpath(dirname(target))
  const root = await realpath(directory)
  if (parent !== root && !parent.startsWith(root + sep)) {
    throw new Error(`URI output file '${name}' leads out of the sandbox directory`)
  }
  return target
}

/** The last part of the path, with its query, as in Mesos. */
export function basenameOf(uri: string): string {
  if (/[\\'\0]/u.test(uri)) throw new Error('Illegal characters in URI')
  const index = uri.indexOf('://')
  if (index <= 1) return basename(uri)
  const rest = uri.slice(index + 3)
  const slash = rest.indexOf('/')
  if (slash < 0 || rest.length <= slash + 1) throw new Error(`Malformed URI (missing path): ${uri}`)
  return rest.slice(rest.lastIndexOf('/') + 1)
}

async function bring(uri: string, file: string, signal: AbortSignal): Promise<void> {
  const trimmed = uri.trimStart()
  const local = localPathOf(trimmed)
  if (local !== undefined) await copyFile(local, file)
  else await download(trimmed, file, signal)
}

async function sizeOf(uri: string, signal: AbortSignal): Promise<number | undefined> {
  const trimmed = uri.trimStart()
  const local = localPathOf(trimmed)
  if (local !== undefined) return (await stat(local)).size
  return headContentLength(trimmed, signal)
}

/** `file://` and plain absolute paths; undefined for anything with another scheme. */
function localPathOf(uri: string): string | undefined {
  const isFile = uri.startsWith('file://')
  if (!isFile && uri.includes('://')) return undefined
  const local = isFile ? uri.slice('file://'.length).replace(/^localhost/u, '') : uri
  if (!isAbsolute(local)) throw new Error('File URI only supports absolute paths')
  return local
}
