/** The Maven repositories of this user's settings. */
import { createFileCache, defaultCacheFolder } from '../http/file-cache.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { ResolveOptions } from '../packages/packages.ts'
import { createLocalRepository, defaultLocalRepository } from './repositories/local-repository.ts'
import { toPlatform } from './model/platform.ts'
import { toRepositories } from './repositories/repositories.ts'
import { readSettings, settingsFiles } from './settings/settings.ts'
import { createMavenSource } from './repositories/source.ts'
import type { MavenSource } from './repositories/source.ts'

/** Reads the settings; sends no request. Rejects with `CONFIG_INVALID` for invalid settings. */
export async function openMaven(options: ResolveOptions, client: HttpClient): Promise<MavenSource> {
  const named = options.mavenSettings
  const files = settingsFiles()
  const settings = await readSettings(
    named === undefined ? files : { ...files, user: named },
    toPlatform(options),
    process.env,
    named !== undefined,
  )
  const local = options.localRepository ?? settings.localRepository ?? defaultLocalRepository()
  return createMavenSource({
    client,
    cache: createFileCache(`${options.cacheFolder ?? defaultCacheFolder()}/maven`),
    repositories: toRepositories(settings, options.repositories),
    findLocal: local === false ? () => Promise.resolve(undefined) : createLocalRepository(local),
    isOffline: options.isOffline ?? settings.isOffline,
    isUpdate: options.isUpdate ?? false,
    missingChecksum: options.missingChecksum ?? 'warn',
    onWarning: options.onWarning ?? (() => undefined),
  })
}
