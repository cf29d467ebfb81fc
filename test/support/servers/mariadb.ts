/** A real MariaDB server and its JDBC driver, as Debian packages them. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasTool, pathOf } from '../../../scripts/support/machine.mjs'
import { runProgram, startServer } from '../processes/run-program.ts'
import { freePorts } from './free-ports.ts'

export const mariaDbDriver = '/usr/share/java/mariadb-java-client.jar'
export const hasMariaDb = (): boolean => hasTool('mariadb')

export interface MariaDb {
  /** Of the JDBC driver, for a user who may do everything. */
  readonly jdbcUrl: string
  close(): Promise<void>
}

/** Starts a server with an empty database; resolves when it takes connections. */
export async function startMariaDb(): Promise<MariaDb> {
  const folder = await mkdtemp(join(tmpdir(), 'jarcast-mariadb-'))
  const [port = 0] = await freePorts(1)
  const data = [`--no-defaults`, `--datadir=${join(folder, 'data')}`]
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  // By force: not every machine can look up its own name.
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db', '--force']
  runProgram('mariadb-install-db', [...data, ...install, ...user])
  const address = [`--port=${port}`, '--bind-address=127.0.0.1']
  const files = [`--socket=${join(folder, 'socket')}`, `--pid-file=${join(folder, 'pid')}`]
  const server = await startServer(
    pathOf('mariadbd') ?? 'mariadbd',
    [...data, ...user, ...address, ...files],
    () => takesConnections(port),
  )
  return {
    jdbcUrl: `jdbc:mariadb://127.0.0.1:${port}/?user=root`,
    async close() {
      await server.kill()
      await rm(folder, { recursive: true })
    },
  }
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    await once(socket, 'data')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
