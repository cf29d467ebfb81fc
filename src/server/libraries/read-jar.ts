/** Reads the contents of a jar for a class path: its zip directory, and the texts that name it. */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { readZipDirectory } from '../../archive/zip-directory.ts'
import type { ZipEntry } from '../../archive/zip-directory.ts'
import { readZipEntry } from '../../archive/zip-entry.ts'
import { indexJar, unreadableJar } from '../../domain/class-path/jar-index.ts'
import type { JarIndex } from '../../domain/class-path/jar-index.ts'
import { JarcastError } from '../../errors.ts'
import { libraryError } from './library-check.ts'

export interface ReadJarOptions {
  /** Java version, for multi-release jars. Default 17. */
  readonly javaRelease?: number
}

// Signed jars list every file in their manifest; its main section comes first.
const maxManifestBytes = 32 * 1024 * 1024
const maxMainSectionLength = 256 * 1024
const maxPomBytes = 64 * 1024
const maxPoms = 2000
const pomProperties = /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/

/**
 * The index of the jar at `path`, with its name in the set. A file that is no archive, or exceeds
 * the limits of `readZipDirectory`, gives an index with a fault.
 * Rejects with `LIBRARY_NOT_FOUND` or `LIBRARY_UNREADABLE` if the file cannot be read.
 */
export async function readJar(
  path: string,
  name: string,
  { javaRelease = 17 }: ReadJarOptions = {},
): Promise<JarIndex> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw libraryError(path, cause)
  })
  try {
    const entries = await readZipDirectory(handle)
    return indexJar(name, entries, await readTexts(handle, entries), javaRelease)
  } catch (error) {
    if (error instanceof JarcastError) return unreadableJar(name, error.message)
    throw libraryError(path, error)
  } finally {
    await handle.close()
  }
}

async function readTexts(handle: FileHandle, entries: readonly ZipEntry[]) {
  const read = async (entry: ZipEntry, maxBytes: number): Promise<string> => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of readZipEntry(handle, entry, maxBytes)) chunks.push(chunk)
      return Buffer.concat(chunks).toString('utf8')
    } catch (error) {
      // The directory alone lists the classes.
      if (error instanceof JarcastError) return ''
      throw error
    }
  }
  const manifest = entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF')
  const poms: string[] = []
  for (const entry of entries.filter(({ name }) => pomProperties.test(name)).slice(0, maxPoms)) {
    poms.push(await read(entry, maxPomBytes))
  }
  const text = manifest === undefined ? '' : await read(manifest, maxManifestBytes)
  return { manifest: text.slice(0, maxMainSectionLength), pomProperties: poms }
}
