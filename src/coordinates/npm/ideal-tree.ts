/** The tree that `npm install` would make of an empty project with these dependencies. */
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
  /** Entries of an earlier layout, by place, kept where they still fit. */
  readonly locked: Readonly<Record<string, unknown>>
}

export interface IdealTree {
  /** Without the project itself; `inert` ones are not installed. */
  readonly nodes: readonly ArboristNode[]
  /** What npm writes into a package lock, by place. */
  readonly entries: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Downloads descriptions of packages, and those tarballs that bring a tree of their own: with
 * bundled dependencies, or an npm-shrinkwrap.json. Errors: those of `toNpmError`.
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
    // Tarballs with a tree of their own are read by address, as if the project asked for it. What
    // packages ask for by address is refused nevertheless.
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
        // Its last step, which judges by this machine: `isInstalled` judges by the agents.
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

/** An empty project that asks for the roots, with the lock of the last time. */
async function writeProject(path: string, { roots, overrides, locked }: NpmProject): Promise<void> {
  const dependencies = Object.fromEntries(roots.map(({ name, range }) => [name, range]))
  const manifest = { private: true, dependencies, ...(overrides && { overrides }) }
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  if (Object.keys(locked).length === 0) return
  const packages = { '': { dependencies }, ...locked }
  const lock = { lockfileVersion: 3, requires: true, packages }
  await writeFile(join(path, 'package-lock.json'), JSON.stringify(lock))
}
