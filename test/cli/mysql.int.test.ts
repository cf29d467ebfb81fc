import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCentral } from '../coordinates/maven-central.ts'
import { hasJava } from '../support/java.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const driver = 'com.mysql.cj.jdbc.Driver'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-mysql-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.skipIf(!hasJava())(
  'the MySQL driver is loaded on an executor, by its coordinate alone',
  async ({ skip }) => {
    const central = await openCentral(join(folder, 'probe'))
    if (central === undefined) return skip()
    central.close()
    const args = ['exec', '--master', 'local', '--json', '--load-class', driver]
    const child = spawn(
      process.execPath,
      [main, ...args, '--package', 'maven:com.mysql:mysql-connector-j:9.1.0'],
      {
        cwd: folder,
        env: { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache'), TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ])
    expect(stdout).toContain(`successfully loaded ${driver}`)
    expect({ status, stderr }).toMatchObject({ status: 0 })
  },
)
