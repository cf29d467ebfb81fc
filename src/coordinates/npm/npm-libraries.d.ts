/** Types of npm's own libraries, which have none: only the used parts. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent } from 'node:http'

  /**
   * Requests with equal options share an agent. It uses the proxy of the options or environment.
   */
  export function getAgent(url: string, options: Readonly<Record<string, unknown>>): HttpAgent

  export class Agent extends HttpAgent {
    constructor(options: {
      readonly keepAlive?: boolean
      readonly maxSockets?: number
      readonly proxy?: string
      readonly timeouts?: { readonly connection?: number; readonly idle?: number }
    })
  }
}

declare module '@npmcli/config' {
  export default class Config {
    constructor(options: Readonly<Record<string, unknown>>)
    load(): Promise<void>
    /** Settings under the option names of npm's libraries. */
    readonly flat: Readonly<Record<string, unknown>>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const definitions: {
    readonly definitions: { readonly registry: { readonly default: string } }
    readonly shorthands: unknown
    readonly flatten: unknown
  }
  export default definitions
}

declare module '@npmcli/arborist' {
  export interface ArboristNode {
    readonly isRoot: boolean
    readonly isLink: boolean
    /** `node_modules/a/node_modules/b`. */
    readonly location: string
    /** Name of the folder; `packageName` is the package's own. */
    readonly name: string
    readonly packageName: string
    readonly version: string
    readonly resolved: string | null
    readonly integrity: string | null
    readonly inBundle: boolean
    readonly inShrinkwrap: boolean
    /** True when no other package depends on it. */
    readonly extraneous: boolean
    /**
     * True when not installed: an unsuitable optional package, or a dependency of only such ones.
     */
    inert: boolean
    readonly optional: boolean
    /** False for a request by address, repository or folder. */
    readonly isRegistryDependency: boolean
    readonly edgesIn: ReadonlySet<ArboristEdge>
    readonly edgesOut: ReadonlyMap<string, ArboristEdge>
    readonly package: Readonly<Record<string, unknown>>
  }

  export interface ArboristEdge {
    readonly name: string
    readonly spec: string
    readonly from: ArboristNode
  }

  export interface ArboristTree extends ArboristNode {
    readonly inventory: ReadonlyMap<string, ArboristNode>
    readonly meta: { commit(): { readonly packages: Readonly<Record<string, object>> } }
  }

  export default class Arborist {
    constructor(options: Readonly<Record<string, unknown>>)
    /** May be incomplete, after a failure. */
    readonly idealTree: ArboristTree | null
    buildIdealTree(options: Readonly<Record<string, unknown>>): Promise<ArboristTree>
    /** Reads the tree of a folder. */
    loadActual(): Promise<ArboristTree>
  }
}

declare module '@npmcli/arborist/lib/optional-set.js' {
  import type { ArboristNode } from '@npmcli/arborist'

  /** An optional package with the nodes that only it needs. Source: `optional-set.js`. */
  export default function optionalSet(node: ArboristNode): Iterable<ArboristNode>
}

declare module 'npm-packlist' {
  import type { ArboristTree } from '@npmcli/arborist'

  /** Paths of the files that `npm pack` packs, below the folder. */
  export default function packlist(
    tree: ArboristTree,
    options: {
      readonly path: string
      /** Root of the workspaces, and the packed ones. */
      readonly prefix?: string
      readonly workspaces?: readonly string[]
    },
  ): Promise<readonly string[]>
}

declare module '@npmcli/map-workspaces' {
  /** Folders of workspaces by name. */
  export default function mapWorkspaces(options: {
    readonly cwd: string
    readonly pkg: Readonly<Record<string, unknown>>
  }): Promise<ReadonlyMap<string, string>>
}

declare module 'pacote' {
  const pacote: {
    readonly tarball: {
      file(
        spec: string,
        target: string,
        options: Readonly<Record<string, unknown>>,
      ): Promise<{ readonly integrity: { toString(): string } }>
    }
    /** Description of one version; `_resolved` and `_integrity` belong to its tarball. */
    manifest(
      spec: string,
      options: Readonly<Record<string, unknown>>,
    ): Promise<{ readonly _resolved?: string; readonly _integrity?: string }>
    /** Unpacks as `npm install` does; tests compare with it. */
    extract(
      spec: string,
      target: string,
      options?: Readonly<Record<string, unknown>>,
    ): Promise<unknown>
  }
  export default pacote
}

declare module 'npm-install-checks' {
  interface Needs {
    readonly name?: string
    readonly engines?: unknown
    readonly os?: unknown
    readonly cpu?: unknown
    readonly libc?: unknown
  }
  const checks: {
    checkEngine(needs: Needs, npmVersion: string | null, nodeVersion: string): void
    checkPlatform(
      needs: Needs,
      force: boolean,
      environment: { readonly os?: string; readonly cpu?: string; readonly libc?: string },
    ): void
  }
  export default checks
}
