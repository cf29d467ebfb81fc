/**
 * Lists and reads files in the sandboxes of an agent. Refuses paths that lead out of a sandbox by
 * `..` or a symbolic link.
 * Source: apache/mesos src/files/files.cpp; docs/sandbox.md.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { lstat, readdir, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join, posix } from 'node:path'
import type { FileInfo } from '../../../mesos/types.generated.ts'
import { badRequest } from '../../http/http.ts'
import type { Answer } from '../../http/http.ts'

/** A file or folder in a sandbox: its requested path, and its real one. */
interface Place {
  readonly asked: string
  readonly real: string
}

/** 16 pages: Mesos' limit. */
export const maxReadBytes = 16 * 4096
const maxListed = 10_000
const ownUid = process.getuid?.()

/** The folder of one run of an executor, below the work folder. */
const sandboxPattern = /^\/slaves\/[^/]+\/frameworks\/[^/]+\/executors\/[^/]+\/runs\/[^/]+(?=\/|$)/u

/** An agent's sandboxes. */
export interface Sandboxes {
  readonly workDir: string
  readonly agentId: string
}

/**
 * Lists a folder's entries by name; a file has none. All functions here return 400 or 404 for
 * invalid paths.
 */
export async function listFiles(sandboxes: Sandboxes, asked: string): Promise<FileInfo[] | Answer> {
  const place = resolvePlace(sandboxes, asked)
  if ('status' in place) return place
  const names = await readdir(place.real).catch((): string[] => [])
  const listed = names.sort().slice(0, maxListed)
  const files = await Promise.all(listed.map((name) => describeFile(place, name)))
  return files.filter((file) => file !== undefined)
}

/**
 * Reads up to 64 KiB, into `buffer` if it is given; without `offset` only the size. It takes no
 * turns with other work: readers of an output ask for each 64 KiB, which the system has in memory,
 * and a turn costs more than to copy them.
 */
export function readSandboxFile(
  sandboxes: Sandboxes,
  asked: string,
  range: { readonly offset: number | undefined; readonly length: number | undefined },
  buffer: Buffer = Buffer.allocUnsafe(maxReadBytes),
): { readonly size: number; readonly data: Buffer } | Answer {
  const place = resolvePlace(sandboxes, asked)
  if ('status' in place) return place
  // A pipe in a sandbox must not block the agent.
  const file = openSync(place.real, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = fstatSync(file)
    if (found.isDirectory()) return badRequest('Cannot read a directory.\n')
    const { size } = found
    const { length = size, offset = size } = range
    const wanted = Math.max(0, Math.min(length, size - offset, maxReadBytes))
    return { size, data: buffer.subarray(0, readSync(file, buffer, 0, wanted, offset)) }
  } finally {
    closeSync(file)
  }
}

/** The real path of a regular file, for a download. */
export async function findDownload(
  sandboxes: Sandboxes,
  asked: string,
): Promise<{ readonly file: string } | Answer> {
  const place = resolvePlace(sandboxes, asked)
  if ('status' in place) return place
  const entry = await stat(place.real)
  if (entry.isDirectory()) return badRequest('Cannot download a directory.\n')
  return entry.isFile() ? { file: place.real } : { status: 404 }
}

/**
 * Resolves paths below the work folder, and `/frameworks/ID/executors/ID/runs/latest/…` without the
 * agent's folder.
 */
function resolvePlace({ agentId, workDir }: Sandboxes, asked: string): Place | Answer {
  const root = asked.includes('\0') ? undefined : resolved(workDir)
  const below = asked.startsWith('/frameworks/')
    ? posix.normalize(`/slaves/${agentId}${asked}`)
    : cutPrefix(posix.normalize(asked), [workDir, root ?? workDir])
  const [run] = sandboxPattern.exec(below) ?? []
  if (root === undefined || run === undefined) return { status: 404 }
  const [sandbox, real] = [resolved(root + run), resolved(root + below)]
  if (sandbox === undefined || real === undefined) return { status: 404 }
  if (real !== sandbox && !real.startsWith(`${sandbox}/`)) {
    return badRequest(`Resolved path '${real}' is inaccessible.\n`)
  }
  return { asked, real }
}

/** The path relative to the first folder that contains it; empty if none does. */
function cutPrefix(file: string, folders: readonly string[]): string {
  const folder = folders.find((each) => file.startsWith(`${each}/`))
  return folder === undefined ? '' : file.slice(folder.length)
}

function resolved(file: string): string | undefined {
  try {
    return realpathSync.native(file)
  } catch {
    return undefined
  }
}

async function describeFile(folder: Place, name: string): Promise<FileInfo | undefined> {
  const entry = await stat(join(folder.real, name))
    .catch(() => lstat(join(folder.real, name)))
    .catch(() => undefined)
  return (
    entry && {
      path: posix.join(folder.asked, name),
      nlink: entry.nlink,
      size: entry.size,
      mtime: { nanoseconds: `${Math.round(entry.mtimeMs)}000000` },
      mode: entry.mode,
      uid: entry.uid === ownUid ? userInfo().username : String(entry.uid),
      gid: String(entry.gid),
    }
  )
}
