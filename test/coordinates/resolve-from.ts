/** Resolves from a test's site only, without this machine's settings and Maven Central. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { resolvePackages } from '../../src/coordinates/resolve-packages.ts'
import type { PackageRequest, ResolveOptions } from '../../src/coordinates/packages/packages.ts'
import type { ResolvedPackages } from '../../src/coordinates/resolve-packages.ts'
import type { MavenSite } from './maven-site.ts'

export async function resolveFrom(
  site: MavenSite,
  request: PackageRequest | readonly string[],
  options: ResolveOptions & { readonly settings?: string } = {},
): Promise<ResolvedPackages & { readonly warnings: readonly string[] }> {
  const { settings = '', ...more } = options
  const mavenSettings = join(site.folder, 'settings.xml')
  const mirror = `<mirrors><mirror><id>site</id><mirrorOf>*</mirrorOf><url>${site.url}</url></mirror></mirrors>`
  await writeFile(mavenSettings, `<settings>${mirror}${settings}</settings>`)
  const warnings: string[] = []
  const asked = 'packages' in request ? request : { packages: request }
  const resolved = await resolvePackages(asked, {
    mavenSettings,
    cacheFolder: join(site.folder, 'cache'),
    localRepository: false,
    onWarning: (message) => warnings.push(message),
    ...more,
  })
  return { ...resolved, warnings }
}

/** Ids in class-path order, without `maven:`. */
export function idsOf({ packages }: ResolvedPackages): readonly string[] {
  return packages.map(({ id }) => id.replace(/^maven:/, ''))
}
