/** The parts of npm's own libraries that are used here; they come without types. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent } from 'node:http'

  /**
   * An agent that is shared by all requests with the same options, through the proxy that they or
   * the environment name.
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
    /** Settings under the names that npm's libraries take. */
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
    /** Of the folder; `packageName` is what the package calls itself. */
    readonly name: string
    readonly packageName: string
    readonly version: string
    readonly resolved: string | null
    readonly integrity: string | null
    readonly inBundle: boolean
    readonly inShrinkwrap: boolean
    /** True for what nothing needs. */
    readonly extraneous: boolean
    /**
     * True for what is not installed: an optional package that cannot be, and what only that needs.
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
    /** As far as it is built, also after a failure. */
    readonly idealTree: ArboristTree | null
    buildIdealTree(options: Readonly<Record<string, unknown>>): Promise<ArboristTree>
    /** What is in a folder. */
    loadActual(): Promise<ArboristTree>
  }
}

declare module '@npmcli/arborist/lib/optional-set.js' {
  import type { ArboristNode } from '@npmcli/arborist'

  /** An optional package with all that is only there for it. Source: `optional-set.js`. */
  export default function optionalSet(node: ArboristNode): Iterable<ArboristNode>
}

declare module 'npm-packlist' {
  import type { ArboristTree } from '@npmcli/arborist'

  /** Paths below the folder of what `npm pack` packs. */
  export default function packlist(
    tree: ArboristTree,
    options: {
      readonly path: string
      /** Root of the workspaces, and those among them that are packed. */
      readonly prefix?: string
      readonly workspaces?: readonly string[]
    },
  ): Promise<readonly string[]>
}

declare module '@npmcli/map-workspaces' {
  /** Folders by name, of a workspace's root. */
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
    /** Description of one version; `_resolved` and `_integrity` are of its tarball. */
    manifest(
      spec: string,
      options: Readonly<Record<string, unknown>>,
    ): Promise<{ readonly _resolved?: string; readonly _integrity?: string }>
    /** As npm installs it: what tests compare with. */
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
