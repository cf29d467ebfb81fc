import { configInvalid } from '../../errors.ts'
import type { FrameworkOptions } from './options.ts'

/** Throws `CONFIG_INVALID` for options that exclude each other, or that would be ignored. */
export function assertWorkable({
  libraries = [],
  delivery,
  executor = {},
  jarServer,
}: FrameworkOptions): void {
  const { script } = executor
  if (jarServer?.tls === 'auto' && (delivery === 'fetcher' || script !== undefined)) {
    const what = script === undefined ? 'delivery "fetcher"' : 'executor.script'
    const reason = `Mesos' fetcher cannot verify a certificate that is made at the start`
    const message = `jarServer.tls "auto" (--jar-server-tls) excludes ${what}: ${reason}; give certFile and keyFile`
    throw configInvalid('jarServer.tls', message)
  }
  const unused = (['script', 'container', 'secrets'] as const)
    .filter((name) => executor[name] !== undefined)
    .map((name) => `executor.${name}`)[0]
  if (unused !== undefined && libraries.length === 0) {
    const reason = 'without libraries, tasks are plain commands'
    throw configInvalid(unused, `${unused} needs at least one library: ${reason}`)
  }
}
