/**
 * The address of a running framework: a Unix socket that only its user can connect to. The system
 * checks that, so there is no token that could leak.
 */
import { randomUUID } from 'node:crypto'
import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { JarcastError, configInvalid, messageOf } from '../../errors.ts'

/** The name of the socket in the folder of a journal. */
export const controlName = 'control.sock'

/** Length of `sun_path`, without the zero at its end; 103 on macOS. */
const maxPathBytes = process.platform === 'linux' ? 107 : 103

/** A name for the same file that fits the address of a socket. */
interface ShortPath {
  readonly path: string
  close(): void
}

/**
 * Listens at `path`; a socket of an earlier process is replaced. Returns what removes it. Rejects
 * with CONTROL_FAILED where the file system has no sockets, or the path is in use or too long.
 */
export async function listenPrivately(server: Server, path: string): Promise<() => void> {
  const folder = join(dirname(path), `.control-${randomUUID().slice(0, 8)}`)
  try {
    refuseOtherFile(path)
    // The socket has its mode only after its creation: until then, the folder keeps others out.
    mkdirSync(folder, { mode: 0o700 })
    const short = shortPathOf(join(folder, 's'))
    try {
      await listening(server, short.path)
    } finally {
      short.close()
    }
    chmodSync(join(folder, 's'), 0o600)
    renameSync(join(folder, 's'), path)
  } catch (cause) {
    const message = `the control address ${path} cannot be offered: ${messageOf(cause)}`
    throw new JarcastError('CONTROL_FAILED', message, { cause, details: { path } })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  const { ino } = lstatSync(path)
  return () => {
    // Of another process, if it took over meanwhile.
    if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true })
  }
}

/**
 * A path to connect to, for as long as it is not closed. Undefined if there is no socket. Throws
 * CONFIG_INVALID for the socket of another user, who could answer anything.
 */
export function openControlPath(path: string, own = process.getuid?.()): ShortPath | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found?.isSocket() !== true) return undefined
  if (own !== undefined && found.uid !== own && own !== 0) {
    const message = `${path} belongs to user ${found.uid}: control a framework as the user that runs it`
    throw configInvalid('control', message)
  }
  return shortPathOf(path)
}

/** Through a descriptor of its folder, a path of any length is short. */
function shortPathOf(path: string): ShortPath {
  if (Buffer.byteLength(path) <= maxPathBytes) return { path, close: () => undefined }
  if (process.platform !== 'linux')
    throw configInvalid('control', `the path of a socket has at most ${maxPathBytes} bytes`)
  const folder = openSync(dirname(path), 'r')
  return {
    path: `/proc/self/fd/${folder}/${basename(path)}`,
    close: () => closeSync(folder),
  }
}

function refuseOtherFile(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found !== undefined && !found.isSocket()) throw new Error('a file of this name is there')
}

function listening(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
