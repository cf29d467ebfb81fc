/** Native addons among traced files: only those for the agents travel. */
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { platformOf } from '../domain/runtimes/binary-platform.ts'
import type { BinaryPlatform } from '../domain/runtimes/binary-platform.ts'
import { JarcastError } from '../errors.ts'
import { packageFolder, projectFolder } from './module-paths.ts'

/** The agents. */
export interface AddonPlatform {
  /** Such as `linux`; default: this machine's. */
  readonly os?: string
  /** Such as `x64`; default: this machine's. */
  readonly cpu?: string
  /** On Linux: `glibc` or `musl`. Default: this machine's if it runs Linux, else `glibc`. */
  readonly libc?: string
}

interface Addon {
  readonly path: string
  readonly platform: BinaryPlatform
}

/**
 * The paths with prebuilt addons for the agents, and without those for other platforms. Throws
 * `PACKAGE_UNSUITABLE` for a package that has addons only for others.
 */
export async function withoutOtherAddons(
  paths: readonly string[],
  agents: AddonPlatform = {},
): Promise<readonly string[]> {
  const wanted = completePlatform(agents)
  const packages = new Map<string, Addon[]>()
  const all = [...new Set([...paths, ...(await prebuiltBeside(paths))])].toSorted()
  for (const path of all.filter((one) => one.endsWith('.node'))) {
    const platform = platformOf(await readFile(path))
    if (platform === undefined) continue
    const folder = packageFolder(path) ?? projectFolder(path)
    packages.set(folder, [...(packages.get(folder) ?? []), { path, platform }])
  }
  const others = new Set<string>()
  for (const [folder, addons] of packages) {
    const unsuitable = addons.filter(({ platform }) => !suits(platform, wanted))
    if (unsuitable.length === addons.length) throw unsuitablePackage(folder, addons, wanted)
    for (const { path } of unsuitable) others.add(path)
  }
  return all.filter((path) => !others.has(path))
}

/** Addons in `prebuilds`: the trace has found that of this machine. */
async function prebuiltBeside(paths: readonly string[]): Promise<readonly string[]> {
  const folders = new Set(
    paths.flatMap((path) => /^(.*\/prebuilds)\/.*\.node$/.exec(path)?.[1] ?? []),
  )
  const found = await Promise.all(
    Array.from(folders, async (folder) => {
      const names = await readdir(folder, { recursive: true })
      return names.map((name) => join(folder, name))
    }),
  )
  return found.flat().filter((path) => path.endsWith('.node'))
}

function completePlatform({
  os = process.platform,
  cpu = process.arch,
  libc = isMusl() ? 'musl' : 'glibc',
}: AddonPlatform): Required<AddonPlatform> {
  return { os, cpu, libc }
}

/** As npm finds it out. */
function isMusl(): boolean {
  if (process.platform !== 'linux') return false
  const report = process.report.getReport() as {
    readonly header?: Readonly<Record<string, unknown>>
  }
  return report.header?.['glibcVersionRuntime'] === undefined
}

function suits({ os, cpu, libc }: BinaryPlatform, wanted: Required<AddonPlatform>): boolean {
  if (os !== wanted.os || (cpu !== wanted.cpu && cpu !== 'any')) return false
  return libc === undefined || libc === wanted.libc
}

function unsuitablePackage(
  folder: string,
  addons: readonly Addon[],
  { os, cpu, libc }: Required<AddonPlatform>,
): JarcastError {
  const name = packageFolder(folder)?.replace(/^.*\/node_modules\//, '') ?? folder
  const found = [...new Set(addons.map(({ platform }) => describe(platform)))].join(', ')
  const agents = describe({ os, cpu, libc: os === 'linux' ? libc : undefined })
  const remedy = `install it for the agents (npm install --os=${os} --cpu=${cpu} --force), or give it by --package npm:${name}`
  return new JarcastError(
    'PACKAGE_UNSUITABLE',
    `package ${name} has a native addon for ${found}, but agents run ${agents}: ${remedy}`,
    { details: { package: name, path: addons[0]?.path ?? folder } },
  )
}

function describe(platform: {
  readonly os: string
  readonly cpu: string
  readonly libc?: string | undefined
}): string {
  return [platform.os, platform.cpu, platform.libc].filter((part) => part !== undefined).join('-')
}
