/**
 * What Maven has downloaded on this machine before, read and never written. Only files count that
 * Maven says come from one of our repositories and that match the checksum it keeps beside them:
 * artifacts that a build installed there are the user's own.
 */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { digestFile, parseChecksum } from '../../http/checksums.ts'

/**
 * Path of the file at `path` in the local repository, when it came from the repository with that
 * id.
 */
export type FindLocal = (repositoryId: string, path: string) => Promise<string | undefined>

/** `maven.repo.local` of MAVEN_ARGS or MAVEN_OPTS, else `~/.m2/repository`. */
export function defaultLocalRepository(environment: NodeJS.ProcessEnv = process.env): string {
  const words = `${environment['MAVEN_ARGS'] ?? ''} ${environment['MAVEN_OPTS'] ?? ''}`.split(/\s+/)
  const named = words.find((word) => word.startsWith('-Dmaven.repo.local='))
  return named?.slice('-Dmaven.repo.local='.length) ?? join(homedir(), '.m2', 'repository')
}

/** Looks in `folder`, which need not exist. */
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
