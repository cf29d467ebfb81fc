/**
 * Maven's own downloads on this machine, read and never written. A file counts only if Maven
 * recorded one of our repositories as its origin, and it matches the checksum beside it: other
 * files were installed by local builds.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { digestFile, parseChecksum } from '../../http/checksums.ts'

/** Finds the file at `path`, if it came from that repository and is intact. */
export type FindLocal = (repositoryId: string, path: string) => Promise<string | undefined>

/** `maven.repo.local` of MAVEN_ARGS or MAVEN_OPTS, else `~/.m2/repository`. */
export function defaultLocalRepository(environment: NodeJS.ProcessEnv = process.env): string {
  const words = `${environment['MAVEN_ARGS'] ?? ''} ${environment['MAVEN_OPTS'] ?? ''}`.split(/\s+/)
  const named = words.find((word) => word.startsWith('-Dmaven.repo.local='))
  return named?.slice('-Dmaven.repo.local='.length) ?? join(homedir(), '.m2', 'repository')
}

/** `folder` need not exist. */
export function createLocalRepository(folder: string): FindLocal {
  return async (repositoryId, path) => {
    const file = join(folder, ...path.split('/'))
    const [origins, sha1] = await Promise.all([
      readIfThere(join(dirname(file), '_remote.repositories')),
      readIfThere(`${file}.sha1`),
    ])
    const name = path.split('/').at(-1) ?? ''
    const expected = parseChecksum(sha1, 'sha1', name)
    if (expected === undefined || !origins.includes(`\n${name}>${repositoryId}=`)) return undefined
    const found = await digestFile(file, ['sha1']).catch(() => undefined)
    return found?.digests[0] === expected.digest ? file : undefined
  }
}

async function readIfThere(file: string): Promise<Buffer> {
  return await readFile(file).catch(() => Buffer.alloc(0))
}
