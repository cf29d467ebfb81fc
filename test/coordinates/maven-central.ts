/** Maven Central through this user's settings; tests that need it are skipped when unreachable. */
import { createHttpClient } from '../../src/coordinates/http/http-client.ts'
import type { HttpClient } from '../../src/coordinates/http/http-client.ts'
import { openMaven } from '../../src/coordinates/maven/open-maven.ts'
import type { MavenSource } from '../../src/coordinates/maven/repositories/source.ts'

export interface Central {
  readonly source: MavenSource
  close(): void
}

/** Undefined, with a message, when Central does not answer. `cacheFolder` is empty. */
export async function openCentral(cacheFolder: string): Promise<Central | undefined> {
  const client: HttpClient = createHttpClient({ maxAttempts: 2, connectTimeoutMs: 3000 })
  const source = await openMaven({ cacheFolder, localRepository: false }, client)
  const gav = { groupId: 'org.slf4j', artifactId: 'slf4j-api', version: '2.0.16' }
  const found = await source.pom(gav).catch(() => undefined)
  if (found !== undefined) return { source, close: () => client.close() }
  client.close()
  console.log('skipped: needs Maven Central')
  return undefined
}
