/** The parts of npm's own libraries that are used here; they come without types. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent } from 'node:http'

  /** An agent that is shared by all requests with the same options, through the proxy that they or the environment name. */
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
    readonly definitions: unknown
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
    /** True for what would not be installed, such as a package for another platform. */
    readonly ideallyInert?: boolean
    readonly optional: boolean
    readonly package: Readonly<Record<string, unknown>>
  }

  export default class Arborist {
    constructor(options: Readonly<Record<string, unknown>>)
    buildIdealTree(options: Readonly<Record<string, unknown>>): Promise<{
      readonly inventory: ReadonlyMap<string, ArboristNode>
      readonly meta: { commit(): { readonly packages: Readonly<Record<string, object>> } }
    }>
  }
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
