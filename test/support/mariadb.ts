/** A real MariaDB server and its JDBC driver, as Debian packages them. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePorts } from './zookeeper.ts'

export const mariaDbDriver = '/usr/share/java/mariadb-java-client.jar'
const server = '/usr/sbin/mariadbd'

/** False, and the reason printed, on a machine without MariaDB or its driver. */
export function hasMariaDb(): boolean {
  if (existsSync(server) && existsSync(mariaDbDriver)) return true
  console.log('skipped: needs MariaDB (apt-get install mariadb-server-core libmariadb-java)')
  return false
}

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
  const install = ['--auth-root-authentication-method=normal', '--skip-test-db']
  const installed = spawnSync('mariadb-install-db', [...data, ...install, ...user])
  if (installed.status !== 0) throw new Error(String(installed.stderr))
  const child = spawn(
    server,
    [
      ...data,
      ...user,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
    ],
    { stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  // A test that ran out of time does not come to its close.
  const killNow = (): void => void child.kill('SIGKILL')
  process.once('exit', killNow)
  while (!(await takesConnections(port))) {
    if (child.exitCode !== null) throw new Error(`mariadbd exited with ${child.exitCode}`)
    await delay(50)
  }
  return {
    jdbcUrl: `jdbc:mariadb://127.0.0.1:${port}/?user=root`,
    async close() {
      process.off('exit', killNow)
      killNow()
      await ended
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
