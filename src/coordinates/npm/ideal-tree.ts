/** The tree that `npm install` computes for an empty project with these dependencies. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArboristNode } from '@npmcli/arborist'
import { makeLeasedFolder } from '../../leases/leased-folder.ts'
import { isRecord } from '../../domain/json.ts'
import type { NpmCoordinate } from '../packages/coordinate.ts'
import { toNpmError } from './npm-error.ts'
import type { NpmOptions } from './npm-option-types.ts'
import { platformOf } from './suitability.ts'
import type { NpmPlatform } from '../packages/npm-platform.ts'

export interface NpmProject {
  readonly roots: readonly NpmCoordinate[]
  /** As in a package.json. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined
  /** Entries of an earlier layout, by place; kept where they still fit. */
  readonly locked: Readonly<Record<string, unknown>>
}

export interface IdealTree {
  /** Without the project itself; nodes with `inert` are not installed. */
  readonly nodes: readonly ArboristNode[]
  /** Entries of npm's package lock, by place. */
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Fetches descriptions of packages, and the tarballs with a tree of their own (bundled dependencies
 * or an npm-shrinkwrap.json). Errors: those of `toNpmError`.
 */
export async function buildIdealTree(
  project: NpmProject,
  options: NpmOptions,
  platform: NpmPlatform,
): Promise<IdealTree> {
  const { default: Arborist } = await import('@npmcli/arborist')
  const path = makeLeasedFolder('npm')
  const arborist = new Arborist({
    ...options,
    ...platformOf(platform),
    path,
    // npm reads tarballs with a tree of their own by address, as the project's. Addresses that
    // packages depend on are refused nevertheless.
    allowRemote: 'root',
    _isRoot: true,
    engineStrict: false,
    packageLock: true,
  })
  try {
    await writeProject(path, project)
    const tree = await arborist
      .buildIdealTree({ saveType: 'prod', complete: true })
      .catch((error: unknown) => {
        // npm's last step checks this machine; `resolveNpm` checks the agents.
        if (isUnsuitable(error) && arborist.idealTree) return arborist.idealTree
        throw error
      })
    const { packages: entries } = tree.meta.commit()
    const nodes = [...tree.inventory.values()].filter(({ isRoot }) => !isRoot)
    return { nodes, entries: entries as IdealTree['entries'] }
  } catch (error) {
    throw toNpmError(error, project.roots, arborist.idealTree)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

function isUnsuitable(error: unknown): boolean {
  return isRecord(error) && error['code'] === 'EBADPLATFORM'
}

/** An empty project that depends on the roots, with the previous lock. */
async function writeProject(path: string, { roots, overrides, locked }: NpmProject): Promise<void> {
  const dependencies = Object.fromEntries(roots.map(({ name, range }) => [name, range]))
  const manifest = { private: true, dependencies, ...(overrides && { overrides }) }
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  if (Object.keys(locked).length === 0) return
  const packages = { '': { dependencies }, ...locked }
  const lock = { lockfileVersion: 3, requires: true, packages }
  await writeFile(join(path, 'package-lock.json'), JSON.stringify(lock))
}
