/**
 * Checks libraries before they are copied, and before the framework registers.
 */
import { open, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { findFormat } from '../../archive/unpack-archive.ts'
import { showId } from '../../domain/ids.ts'
import { createLibrarySet, isSafeFileName } from '../../domain/libraries/library.ts'
import type { LibraryKind } from '../../domain/libraries/library.ts'
import { isPackageName } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'
import { defined } from '../../defined.ts'
import type { Platform } from '../../domain/runtimes/platforms.ts'
import { readProgram } from './read-program.ts'
import { isNpmTarball, readNpmPackage } from './npm-package.ts'
import { encodeSegment } from '../http/request-path.ts'

export interface LibraryInput {
  /** A jar, a packed npm package (.tgz), any other file, or the folder of an npm package. */
  readonly path: string
  /** Default: the path's last part; `name-version.tgz` for the folder of an npm package. */
  readonly name?: string
  /**
   * Default: by name and content, see `checkLibraries`, but never `archive` or `jre`.
   */
  readonly kind?: LibraryKind
  /** Of an npm package: its folder in `node_modules`. Default: its own name. */
  readonly place?: string
}

/** A readable library with its name and kind. */
export interface CheckedLibrary {
  readonly path: string
  readonly name: string
  readonly kind: LibraryKind
  readonly place?: string
  /** Of a JRE. */
  readonly platform?: Platform
  readonly tree?: string
  /** True if `path` is a folder, which must be packed. */
  readonly isFolder: boolean
}

/**
 * Checks each library and determines its name and kind: `.jar` is a jar; `.tgz`, `.tar.gz` or
 * `.tar` with a package.json in its top folder is an npm package, as is a folder whose package.json
 * has name and version; anything else is a plain file. Errors name the path and what to do:
 * `LIBRARY_NOT_FOUND`; `LIBRARY_NOT_A_FILE` for a folder that is no npm package, a device or a
 * pipe; `LIBRARY_UNREADABLE`; `CONFIG_INVALID` for an archive that is neither tar, gzipped tar nor
 * zip, and for a name that is no file name, or that two libraries have.
 */
export async function checkLibraries(
  inputs: readonly (LibraryInput | string)[],
): Promise<readonly CheckedLibrary[]> {
  const checked: CheckedLibrary[] = []
  for (const input of inputs) {
    checked.push(await checkLibrary(typeof input === 'string' ? { path: input } : input))
  }
  // Refuses equal names before anything is copied.
  createLibrarySet(checked.map(({ name, kind }) => ({ name, kind, sha256: '', sizeBytes: 0 })))
  return checked
}

/** Turns the system's error of an unreadable file into ours. */
export function libraryError(path: string, cause: unknown): JarcastError {
  const { code = '' } = cause as NodeJS.ErrnoException
  const details = { path }
  // ERR_INVALID_ARG_VALUE: a path with a zero byte.
  if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP', 'ERR_INVALID_ARG_VALUE'].includes(code)) {
    const message = `library ${path} does not exist; check the path (relative to ${process.cwd()})`
    return new JarcastError('LIBRARY_NOT_FOUND', message, { cause, details })
  }
  const message = `library ${path} cannot be read (${code || String(cause)}); let this user read it`
  return new JarcastError('LIBRARY_UNREADABLE', message, { cause, details })
}

async function checkLibrary(input: LibraryInput): Promise<CheckedLibrary> {
  const checked = await checkFile(input)
  const { path, place } = input
  if (place === undefined) return checked
  if (checked.kind === 'npm' && isPackageName(place)) return { ...checked, place }
  const message = `library ${path} cannot be placed at ${showId(place)}: only npm packages have a place, which is a folder in node_modules`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path } })
}

async function checkFile({ path, name, kind }: LibraryInput): Promise<CheckedLibrary> {
  const found = await stat(path).catch((cause: unknown) => {
    throw libraryError(path, cause)
  })
  if (found.isDirectory()) {
    const { fileName } = await readNpmPackage(path)
    return { path, name: checkedName(name ?? fileName), kind: kind ?? 'npm', isFolder: true }
  }
  // Checked before it is opened: opening a pipe waits for a writer.
  if (!found.isFile()) throw notAFile(path, 'a device, pipe or socket')
  await readFirstByte(path)
  if (kind === 'archive') await assertArchive(path)
  const fileName = checkedName(name ?? basename(resolve(path)))
  if (kind === 'jre') {
    const { platform, tree } = await readProgram(path, 'java')
    return { path, name: fileName, kind, platform, ...defined({ tree }), isFolder: false }
  }
  return { path, name: fileName, kind: kind ?? (await kindOf(path, fileName)), isFolder: false }
}

/** Reads a byte: permission bits do not show mounts, access lists and broken disks. */
async function readFirstByte(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r')
    try {
      await handle.read(Buffer.alloc(1), 0, 1, 0)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    throw libraryError(path, cause)
  }
}

/** Checked here, so that no task fails because of a wrong archive. */
async function assertArchive(path: string): Promise<void> {
  const found = await findFormat(path)
  if (found.format !== undefined) return
  const message = `library ${path} ${found.fault}; give a .tar, .tar.gz, .tgz or .zip`
  throw new JarcastError('CONFIG_INVALID', message, { details: { path } })
}

async function kindOf(path: string, name: string): Promise<LibraryKind> {
  if (/\.jar$/i.test(name)) return 'jar'
  return /\.(?:tgz|tar|tar\.gz)$/i.test(name) && (await isNpmTarball(path)) ? 'npm' : 'file'
}

function checkedName(name: string): string {
  try {
    encodeSegment(name)
    if (isSafeFileName(name)) return name
  } catch {
    // A lone surrogate, which cannot be encoded in a URI.
  }
  throw new JarcastError(
    'CONFIG_INVALID',
    `${showId(name)} is no file name: use 1 to 255 bytes in UTF-8, without / or \\, line breaks and control characters`,
    {
      details: { library: name },
    },
  )
}

function notAFile(path: string, what: string): JarcastError {
  return new JarcastError(
    'LIBRARY_NOT_A_FILE',
    `library ${path} is ${what}; give a jar, a file, or the folder of an npm package`,
    { details: { path } },
  )
}
