import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openCentral } from '../coordinates/maven-central.ts'
import { hasJava } from '../support/java.ts'
import { outcomeOf } from '../support/processes/outcome-of.ts'

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
    const { status, stdout, stderr } = await outcomeOf(child)
    expect(stdout).toContain(`successfully loaded ${driver}`)
    expect({ status, stderr }).toMatchObject({ status: 0 })
  },
)
