export type ToolName =
  | 'java'
  | 'zookeeper'
  | 'mariadb'
  | 'busybox'
  | 'openssl'
  | 'bzip2'
  | 'xz'
  | 'unzip'
  | 'javac'
  | 'chromium'
  | 'go'
  | 'nginx'
  | 'maven'

export const javaCommand: string
export const testTools: readonly ToolName[]
export function hasRegistry(): boolean
export function hasTool(name: ToolName): boolean
export function chromiumPath(): string | undefined
export function pathOf(program: string): string | undefined
export function installTools(names: readonly ToolName[], otherwise: string): boolean
export function installPackages(): void
