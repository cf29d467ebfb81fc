/** npm packages and everything they need, as `npm install` would lay them out, by npm's own libraries. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArboristNode } from '@npmcli/arborist'
import { JarcastError } from '../../errors.ts'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import type { NpmCoordinate } from '../coordinate.ts'
import { takeUserinfo } from '../userinfo.ts'
import { npmError } from './npm-options.ts'
import type { NpmOptions } from './npm-options.ts'
import { faultOf } from './suitability.ts'

/** The agents that the packages are for. */
export interface NpmPlatform {
  /** Such as `linux`; default: this machine's. */
  readonly os?: string
  /** Such as `x64`; default: this machine's. */
  readonly cpu?: string
  /** Such as `22.11.0`; default: this Node's. */
  readonly nodeVersion?: string
}

/** A package at its place below `node_modules`. */
export interface NpmPackage {
  /** `node_modules/a/node_modules/b`. */
  readonly location: string
  readonly name: string
  readonly version: string
  /** Address of the tarball. */
  readonly resolved: string
  /** SRI of the tarball, as the registry gives it. */
  readonly integrity: string
  /** What npm writes of it into a package lock. */
  readonly entry: Readonly<Record<string, unknown>>
}

const maxPackages = 20_000

/**
 * Resolves the layout, sorted by location; downloads descriptions of packages only. `locked` has entries of an earlier
 * layout, kept where they still fit.
 * Errors: `PACKAGE_NOT_FOUND`, `PACKAGE_UNRESOLVABLE`, `PACKAGE_UNSUITABLE` naming what the package needs, `REGISTRY_…`.
 */
export async function resolveNpm(
  roots: readonly NpmCoordinate[],
  options: NpmOptions,
  platform: NpmPlatform = {},
  locked: Readonly<Record<string, unknown>> = {},
): Promise<readonly NpmPackage[]> {
  const { default: Arborist } = await import('@npmcli/arborist')
  const what = roots.map(({ name, range }) => `npm:${name}@${range}`).join(', ')
  const path = makeLeasedFolder('npm')
  try {
    await writeProject(path, roots, locked)
    const arborist = new Arborist({
      ...options,
      path,
      ...toNpmNames(platform),
      engineStrict: false,
    })
    const tree = await arborist.buildIdealTree({ saveType: 'prod' })
    const { packages: entries } = tree.meta.commit()
    const nodes = [...tree.inventory.values()].filter((node) => isInstalled(node, platform))
    if (nodes.length > maxPackages)
      throw unresolvable(what, `needs more than ${maxPackages} packages`)
    return nodes
      .map((node) => toPackage(node, (entries[node.location] ?? {}) as NpmPackage['entry']))
      .toSorted((one, other) => (one.location < other.location ? -1 : 1))
  } catch (error) {
    throw npmError(error, what)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

/** An empty project that asks for the roots, with the lock of the last time. */
async function writeProject(
  path: string,
  roots: readonly NpmCoordinate[],
  locked: Readonly<Record<string, unknown>>,
): Promise<void> {
  const dependencies = Object.fromEntries(roots.map(({ name, range }) => [name, range]))
  await writeFile(join(path, 'package.json'), JSON.stringify({ private: true, dependencies }))
  if (Object.keys(locked).length === 0) return
  const packages = { '': { dependencies }, ...locked }
  const lock = { lockfileVersion: 3, requires: true, packages }
  await writeFile(join(path, 'package-lock.json'), JSON.stringify(lock))
}

function toNpmNames({ os, cpu, nodeVersion }: NpmPlatform): NpmOptions {
  return {
    ...(os === undefined ? {} : { os }),
    ...(cpu === undefined ? {} : { cpu }),
    nodeVersion: nodeVersion ?? process.version,
  }
}

/** Optional packages that are not for the agents stay out; others that are not are an error. */
function isInstalled(node: ArboristNode, platform: NpmPlatform): boolean {
  // What is in a bundle is in the tarball of whoever bundles it.
  if (node.isRoot || node.inBundle) return false
  if (node.isLink) throw unresolvable(node.location, 'is a link')
  const fault = faultOf(node, platform)
  if (fault === undefined) return node.ideallyInert !== true
  if (node.optional) return false
  throw new JarcastError('PACKAGE_UNSUITABLE', `npm:${node.packageName}@${node.version} ${fault}`, {
    details: { package: node.packageName, version: node.version },
  })
}

function toPackage(node: ArboristNode, entry: NpmPackage['entry']): NpmPackage {
  const { location, packageName, version, resolved, integrity } = node
  const name = `npm:${packageName}@${version}`
  if (resolved === null || !/^https?:/.test(resolved) || !URL.canParse(resolved))
    throw unresolvable(name, 'is in no registry')
  if (integrity === null) throw unresolvable(name, 'has no integrity in its registry')
  if (!isSafeLocation(location)) throw unresolvable(name, `would stand at ${location}`)
  // Everybody may read a lock file.
  const address = takeUserinfo(new URL(resolved)).url.href
  const plain = 'resolved' in entry ? { ...entry, resolved: address } : entry
  return { location, name: packageName, version, resolved: address, integrity, entry: plain }
}

function isSafeLocation(location: string): boolean {
  return /^node_modules(?:\/(?!\.)[@\w.~-]+)+$/.test(location) && location.length <= 1024
}

function unresolvable(name: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_UNRESOLVABLE', `${name} ${why}`, { details: { package: name } })
}
