import { configInvalid } from '../../errors.ts'
import { readServerTls } from '../../server/listener/server-tls.ts'
import type { JarServerSettings } from './options.ts'

/** Throws `CONFIG_INVALID`, also for a certificate that cannot be read. */
export function jarServerOf(settings: JarServerSettings = {}): JarServerSettings {
  const { tls, open, port = 0 } = settings
  if (tls !== undefined && tls !== 'auto') readServerTls(tls)
  if (tls !== undefined && open === true) {
    const message = 'jarServer.open and jarServer.tls exclude each other'
    throw configInvalid('jarServer.open', message)
  }
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw configInvalid('jarServer.port', 'jarServer.port must be a port, 0 to 65535')
  return { ...settings, port }
}
