/** Caches on a host with hostile users. Only root can act as several users; others skip this. */
import { execFileSync } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHostCache } from '../../../../src/executor/libraries/cache/host-cache.ts'
import { createPrograms } from '../../../support/processes/program.ts'
import type { Programs } from '../../../support/processes/program.ts'

const stranger = 65_534
const asStranger = ['setpriv', `--reuid=${stranger}`, `--regid=${stranger}`, '--clear-groups']
const canBeOthers = process.getuid?.() === 0 && hasSetpriv()

let folder: string
let programs: Programs
let warnings: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'other-users-'))
  // As in /tmp: every user can make files there.
  await chmod(folder, 0o1777)
  programs = await createPrograms()
  warnings = []
})
afterEach(async () => {
  await programs.close()
  await rm(folder, { recursive: true })
})

function hasSetpriv(): boolean {
  try {
    execFileSync('setpriv', ['--version'])
    return true
  } catch {
    return false
  }
}

/** The folder that it uses in place of an unsafe cache. */
async function open(cacheFolder: string): Promise<readonly string[]> {
  const privateFolder = join(folder, 'sandbox/private')
  const onWarning = (message: string): void => void warnings.push(message)
  const cache = await openHostCache({ folder: cacheFolder, privateFolder, onWarning })
  await cache.close()
  return await readdir(privateFolder).catch(() => [])
}

describe.skipIf(!canBeOthers)('a cache folder', () => {
  it.each([
    [
      'is of another user',
      (path: string) => mkdir(path, { mode: 0o700 }).then(() => chown(path, stranger, stranger)),
      'belongs to user 65534',
    ],
    [
      'may be written to by others',
      (path: string) => mkdir(path).then(() => chmod(path, 0o777)),
      'mode 777',
    ],
    [
      'may be read by others',
      (path: string) => mkdir(path).then(() => chmod(path, 0o750)),
      'mode 750',
    ],
    [
      'is a link',
      async (path: string) => {
        await mkdir(join(folder, 'elsewhere'), { mode: 0o700 })
        await symlink(join(folder, 'elsewhere'), path)
      },
      'a link',
    ],
  ] as const)('that %s is not used, and the warning names the reason', async (_, make, why) => {
    const path = join(folder, 'cache')
    await make(path)
    expect(await open(path)).not.toEqual([])
    expect(warnings).toEqual([expect.stringContaining(why)])
    expect(await readdir(path)).toEqual([])
  })

  it.each([
    ['belongs to another user', async (above: string) => chown(above, stranger, stranger)],
    ['is open to all, and not sticky', async (above: string) => chmod(above, 0o777)],
  ])('is not used below a folder that %s', async (_, harm) => {
    const above = join(folder, 'above')
    await mkdir(join(above, 'cache'), { recursive: true, mode: 0o700 })
    await harm(above)
    expect(await open(join(above, 'cache'))).not.toEqual([])
    expect(warnings).toEqual([expect.stringContaining(`replace what is in ${above}`)])
    expect(await readdir(join(above, 'cache'))).toEqual([])
  })

  it('is closed to other users from the start', async () => {
    const path = join(folder, 'cache')
    expect(await open(path)).toEqual([])
    expect(warnings).toEqual([])
    const inside = (await readdir(path)).map((name) => join(path, name))
    for (const each of [path, ...inside]) expect((await stat(each)).mode & 0o777).toBe(0o700)
    expect(() =>
      execFileSync(asStranger[0] ?? '', [...asStranger.slice(1), 'ls', path], { stdio: 'pipe' }),
    ).toThrow('Permission denied')
  })

  it('gives another user the published bytes, after any write of its tasks', async () => {
    const program = await programs.bundle(`
      import { createHash } from 'node:crypto'
      import { chmodSync, readFileSync, utimesSync, writeFileSync, statSync } from 'node:fs'
      import { mkdir, writeFile } from 'node:fs/promises'
      import { join } from 'node:path'
      import { openHostCache } from './executor/libraries/cache/host-cache.ts'
      const [folder, own] = process.argv.slice(2)
      await mkdir(own)
      const privateFolder = join(own, 'private')
      const cache = await openHostCache({ folder, privateFolder, onWarning: console.log })
      const sha256 = createHash('sha256').update('good').digest('hex')
      const path = cache.temporaryPath()
      await writeFile(path, 'good')
      await cache.publish(path, sha256)
      const write = (target) => {
        const { atime, mtime } = statSync(target)
        chmodSync(target, 0o600)
        writeFileSync(target, 'evil')
        utimesSync(target, atime, mtime)
        chmodSync(target, 0o400)
      }
      console.log(await cache.place(sha256, join(own, 'first')))
      write(join(own, 'first'))
      console.log(await cache.place(sha256, join(own, 'second')), String(readFileSync(join(own, 'second'))))
      write(join(folder, 'sha256', sha256))
      console.log(await cache.place(sha256, join(own, 'third')))
      process.exit()`)
    await chmod(dirname(program), 0o755)
    const started = programs.start(
      program,
      [join(folder, 'cache'), join(folder, 'own')],
      asStranger,
    )
    expect([await started.read(), await started.read(), await started.read()]).toEqual([
      'true',
      'true good',
      'false',
    ])
  })
})
