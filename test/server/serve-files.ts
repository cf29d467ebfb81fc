/** A jar server with the files of a test. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JarServerOptions } from '../../src/server/jar-server-options.ts'
import type { JarServer } from '../../src/server/jar-server.ts'
import type { StagedLibraries } from '../../src/server/libraries/library-store.ts'
import { openStore, startServer, temporaryFolder } from './support.ts'

/** The content of the default file. */
export const ten = '0123456789'

/** Stages files, by name. */
export async function stageFiles(
  files: Readonly<Record<string, string | Buffer>>,
): Promise<StagedLibraries> {
  const folder = await temporaryFolder()
  const paths: string[] = []
  for (const [name, bytes] of Object.entries(files)) {
    paths.push(join(folder, name))
    await writeFile(join(folder, name), bytes)
  }
  return (await openStore()).stage(paths)
}

export interface Served {
  readonly server: JarServer
  readonly libraries: StagedLibraries
  /** URI of the first library. */
  readonly uri: string
  readonly etag: string
  readonly path: string
}

/** Serves them on an ephemeral port. */
export async function serve(
  files: Readonly<Record<string, string | Buffer>> = { 'a.jar': ten },
  options: JarServerOptions = {},
): Promise<Served> {
  const libraries = await stageFiles(files)
  const server = await startServer({ libraries, ...options })
  const [first] = libraries.blobs
  if (!first) throw new Error('a test serves at least one file')
  const etag = `"sha256-${first.sha256}"`
  return { server, libraries, uri: server.uriOf(first.name), etag, path: first.path }
}
