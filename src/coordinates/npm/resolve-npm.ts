/** npm packages and their dependencies in the layout of `npm install`, by npm's own libraries. */
import type { ArboristNode } from '@npmcli/arborist'
import { isPackagePlace } from '../../domain/libraries/package-name.ts'
import { JarcastError } from '../../errors.ts'
import type { NpmCoordinate } from '../packages/coordinate.ts'
import { mapLimited } from '../http/map-limited.ts'
import { describePackage } from '../packages/package-lock.ts'
import { takeUserinfo } from '../http/userinfo.ts'
import { buildIdealTree } from './ideal-tree.ts'
import { findManifest } from './fetch-npm.ts'
import type { NpmOptions } from './npm-option-types.ts'
import { engineFault, platformFault } from './suitability.ts'
import type { NpmPlatform } from '../packages/npm-platform.ts'
import type { NpmPackage } from './npm-package.ts'

export interface ResolveNpmOptions {
  readonly npm: NpmOptions
  readonly platform: NpmPlatform
  /** npm's `overrides`, as in a package.json. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined
  /** Entries of an earlier layout, by place; kept where they still fit. */
  readonly locked: Readonly<Record<string, unknown>>
  readonly onWarning: (message: string) => void
}

const maxPackages = 20_000

/**
 * Resolves the layout, sorted by location. Fetches descriptions of packages, and tarballs with a
 * tree of their own. Warns of packages for another Node; with npm's `engine-strict` they are
 * errors.
 *
 * Errors: `CONFIG_INVALID` for two roots in one place; `PACKAGE_NOT_FOUND`, `PACKAGE_UNRESOLVABLE`,
 * `PACKAGE_UNSUITABLE`, `REGISTRY_…`.
 */
export async function resolveNpm(
  roots: readonly NpmCoordinate[],
  { npm, platform, overrides, locked, onWarning }: ResolveNpmOptions,
): Promise<readonly NpmPackage[]> {
  refuseSamePlace(roots)
  const { nodes, entries } = await buildIdealTree({ roots, overrides, locked }, npm, platform)
  const optionalSet = await loadOptionalSet()
  for (const node of nodes) {
    if (node.inert || !node.optional || !findFault(node, platform)) continue
    for (const unneeded of optionalSet(node)) unneeded.inert = true
  }
  const installed = nodes.filter((node) => !node.inert)
  const separate = installed.filter((node) => !isInTarball(node))
  if (separate.length > maxPackages)
    throw unresolvable(`npm:${roots[0]?.name}`, `needs more than ${maxPackages} packages`)
  for (const node of installed) checkSuitable(node, platform, npm, onWarning)
  const packages = await mapLimited(separate, 16, (node) =>
    toPackage(node, entries[node.location], npm),
  )
  return packages.toSorted((one, other) => (one.location < other.location ? -1 : 1))
}

function refuseSamePlace(roots: readonly NpmCoordinate[]): void {
  const ranges = new Map<string, string>()
  for (const { name, range } of roots) {
    const other = ranges.get(name)
    ranges.set(name, range)
    if (other === undefined || other === range) continue
    const message = `npm:${name} is requested as ${other} and as ${range}; give one of them an alias: npm:OTHER@npm:${name}@${range}`
    throw new JarcastError('CONFIG_INVALID', message, { details: { package: `npm:${name}` } })
  }
}

/** npm's own rule: the nodes that are not installed together with an optional node. */
async function loadOptionalSet(): Promise<(node: ArboristNode) => Iterable<ArboristNode>> {
  const { default: optionalSet } = await import('@npmcli/arborist/lib/optional-set.js')
  return optionalSet
}

function findFault({ package: needs }: ArboristNode, platform: NpmPlatform): string | undefined {
  return engineFault(needs, platform) ?? platformFault(needs, platform)
}

/** True for a node whose files are in the tarball of the package that bundles it. */
function isInTarball({ inBundle, inShrinkwrap, extraneous, resolved }: ArboristNode): boolean {
  return inBundle || (extraneous && !inShrinkwrap && resolved === null)
}

function checkSuitable(
  { package: needs, location, packageName, version }: ArboristNode,
  platform: NpmPlatform,
  npm: NpmOptions,
  onWarning: (message: string) => void,
): void {
  const name = describePackage(location, { name: packageName, version })
  const otherNode = engineFault(needs, platform)
  const fault = platformFault(needs, platform) ?? (npm['engineStrict'] === true && otherNode)
  if (typeof fault === 'string')
    throw new JarcastError('PACKAGE_UNSUITABLE', `${name} ${fault}`, { details: { package: name } })
  if (otherNode !== undefined) onWarning(`${name} ${otherNode}`)
}

async function toPackage(
  node: ArboristNode,
  entry: NpmPackage['entry'] = {},
  npm: NpmOptions,
): Promise<NpmPackage> {
  const { location, packageName, version } = node
  const name = describePackage(location, { name: packageName, version })
  if (!isPackagePlace(location)) throw unresolvable(name, `has the unsafe location ${location}`)
  if (node.isLink || (node.edgesIn.size > 0 && !node.isRegistryDependency))
    throw unresolvable(name, `is in no registry (${node.resolved})`)
  // An old npm-shrinkwrap.json may lack both.
  const { resolved, integrity } =
    node.resolved === null ? await findManifest(packageName, version, npm) : node
  if (resolved === null || !/^https?:/.test(resolved) || !URL.canParse(resolved))
    throw unresolvable(name, 'has no tarball in its registry')
  // Lock files are public: no credentials.
  const address = takeUserinfo(new URL(resolved)).url.href
  const plain = 'resolved' in entry ? { ...entry, resolved: address } : entry
  return {
    location,
    name: packageName,
    version,
    resolved: address,
    integrity: integrity ?? '',
    entry: plain,
  }
}

function unresolvable(name: string, why: string): JarcastError {
  return new JarcastError('PACKAGE_UNRESOLVABLE', `${name} ${why}`, { details: { package: name } })
}
