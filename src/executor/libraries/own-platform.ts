/** The platform of this host, by the loaders of C libraries that it has. */
import { existsSync, readdirSync } from 'node:fs'
import type { Platform } from '../../domain/runtimes/platforms.ts'

const loaders = { x64: '/lib64/ld-linux-x86-64.so.2', arm64: '/lib/ld-linux-aarch64.so.1' } as const

/** Undefined for a host that nothing is shipped for. */
export function ownPlatform(): Platform | undefined {
  const { arch, platform } = process
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64')) return undefined
  if (existsSync(loaders[arch])) return `linux-${arch}`
  return hasMusl() ? `linux-${arch}-musl` : undefined
}

function hasMusl(): boolean {
  return existsSync('/lib') && readdirSync('/lib').some((name) => name.startsWith('ld-musl-'))
}
