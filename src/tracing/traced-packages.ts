/** The installed packages that a traced module imports, with what it loads of them. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord, parseJson } from '../domain/json.ts'
import { isInstalled, packageFolder } from './module-paths.ts'
import type { TracedFile, TracedModules } from './trace-modules.ts'

export interface TracedPackage {
  /** Empty without one. */
  readonly version: string
  /** SHA-256 of its files in the tree, with their paths. */
  readonly sha256: string
}

/** By place in the tree, such as `node_modules/a`. */
export async function readTracedPackages({
  files,
  folder,
}: Pick<TracedModules, 'files' | 'folder'>): Promise<Readonly<Record<string, TracedPackage>>> {
  const byFolder = new Map<string, TracedFile[]>()
  for (const file of files.filter(({ source }) => isInstalled(source))) {
    const own = packageFolder(file.source) ?? ''
    byFolder.set(own, [...(byFolder.get(own) ?? []), file])
  }
  const packages: Record<string, TracedPackage> = {}
  for (const [own, its] of byFolder) {
    const digest = createHash('sha256')
    for (const { place, source } of its.toSorted((one, other) =>
      one.place < other.place ? -1 : 1,
    ))
      digest.update(`${source.slice(own.length)}\n${await hashOf(join(folder, place))}\n`)
    const [{ place, source } = { place: '', source: '' }] = its
    packages[place.slice(0, own.length - source.length)] = {
      version: await versionIn(own),
      sha256: digest.digest('hex'),
    }
  }
  return packages
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
}

async function versionIn(folder: string): Promise<string> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
  const manifest = parseJson(text)
  const version = isRecord(manifest) ? manifest['version'] : undefined
  return typeof version === 'string' && /^[\w.+~-]{1,100}$/.test(version) ? version : ''
}
