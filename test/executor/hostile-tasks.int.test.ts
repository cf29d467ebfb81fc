/**
 * Tasks that write to libraries, as the user of the executor (root in most runs): no other task
 * sees it.
 */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hasJava } from '../support/java.ts'
import { reportOf } from './support/connection.ts'
import { startHarness } from './support/harness.ts'
import type { Harness } from './support/harness.ts'
import { startLibraryServer } from './support/library-server.ts'
import type { LibraryFile, LibraryServer } from './support/library-server.ts'

type LibrarySet = ReturnType<LibraryServer['addSet']>

let folder: string
let server: LibraryServer
let harness: Harness
let librarySet: LibrarySet

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-hostile-'))
  server = await startLibraryServer()
  harness = await startHarness({ cacheFolder: join(folder, 'cache') })
  librarySet = server.addSet(
    { name: 'a.txt', kind: 'file', bytes: Buffer.from('good') },
    { name: 'pkg.tgz', kind: 'npm', bytes: await pack('package.json', '{"name":"pkg"}') },
    { name: 'data', kind: 'archive', bytes: await pack('table', 'good') },
  )
})

afterEach(async () => {
  await harness.close()
  await server.close()
  await rm(folder, { recursive: true })
})

async function pack(name: string, text: string): Promise<Buffer> {
  const packing = join(folder, `packing-${name}`)
  await mkdir(join(packing, 'package'), { recursive: true })
  await writeFile(join(packing, 'package', name), text)
  await writeFile(join(packing, 'package', 'index.js'), 'module.exports = "good"')
  return await buffer(create({ cwd: packing, gzip: true, portable: true }, ['package']))
}

const loaded = ['a.txt', 'node_modules/pkg/index.js', 'data/package/table']
const look = `cd "$JARCAST_LIBRARIES" && cat ${loaded.join(' ')} && find . | sort`
const good = /^goodmodule\.exports = "good"good/

async function run(on: Harness, id: string, command: string): Promise<string | undefined> {
  on.agent.launch(id, { kind: 'shell', command }, { librarySet })
  const status = await on.agent.last(id)
  expect(status.state, `${id}: ${status.message}`).toBe('TASK_FINISHED')
  return reportOf(status).logTail
}

const each = (attack: string): string => `for f in ${loaded.join(' ')}; do ${attack}; done`

describe('what a task does to its libraries', () => {
  it.each([
    ['writes in place', each('chmod u+w $f; printf evil > $f')],
    ['appends', each('chmod u+w $f; printf evil >> $f')],
    ['truncates', each('chmod u+w $f; : > $f')],
    [
      'writes as much, with the times as before',
      each(
        'cp -p $f /tmp/$$; chmod u+w $f; tr a-z A-Z < /tmp/$$ > $f; touch -r /tmp/$$ $f; chmod a-w $f; rm /tmp/$$',
      ),
    ],
    ['puts another in its place', each('printf evil > $f.new; mv -f $f.new $f')],
    ['puts a link in its place', each('printf evil > $f.new; ln -sf $f.new $f')],
    ['removes', each('rm -f $f')],
    ['makes unreadable', each('chmod 0 $f')],
    [
      'puts another folder in the place',
      'cp -rp . ../evil; printf evil > ../evil/a.txt; mv ../"${PWD##*/}" ../old; mv ../evil ../"${PWD##*/}"',
    ],
    ['adds a file that would be found first', 'printf evil > node_modules/pkg/index.json'],
    ['adds a package', 'mkdir -p node_modules/other; printf evil > node_modules/other/index.js'],
    [
      'writes to the module that runs others',
      'chmod u+w .jarcast-host.mjs; printf evil > .jarcast-host.mjs',
    ],
    [
      'stands in the way of what comes',
      `${each('rm -f $f')}; for n in building leaving; do mkdir -p ../.\${PWD##*/}.$n/x; done`,
    ],
    ['removes all', 'rm -rf ../"${PWD##*/}"'],
  ])(
    '%s: the next task has the installed files, here and in another executor',
    async (_, attack) => {
      const before = await run(harness, 'before', look)
      expect(before).toMatch(good)
      // Its files matter, not its outcome.
      await run(harness, 'attack', `cd "$JARCAST_LIBRARIES" && { ${attack}; } ; true`)
      expect(await run(harness, 'after', look)).toBe(before)
      const other = await startHarness({ cacheFolder: join(folder, 'cache') })
      expect(await run(other, 'elsewhere', look)).toBe(before)
      await other.close()
    },
  )

  it('changes nothing, and they are installed once', async () => {
    const first = await run(harness, 'first', 'stat -c %i "$JARCAST_LIBRARIES"')
    expect(await run(harness, 'second', 'stat -c %i "$JARCAST_LIBRARIES"')).toBe(first)
  })
})

describe('what a task does to the host cache', () => {
  const every = (attack: string): string =>
    `for f in ${join(folder, 'cache')}/sha256/*; do ${attack}; done`
  it.each([
    ['writes in place', 'chmod u+w $f; printf evil > $f'],
    [
      'writes as much, with the times as before',
      'cp -p $f /tmp/$$; chmod u+w $f; tr a-z A-Z < /tmp/$$ > $f; touch -r /tmp/$$ $f; chmod 400 $f; rm /tmp/$$',
    ],
    ['puts a link in its place', 'printf evil > $f.new; ln -sf $f.new $f'],
    ['puts a folder in its place', 'rm -f $f; mkdir $f'],
    ['puts a pipe in its place', 'rm -f $f; mkfifo $f'],
    [
      'forges what is beside it',
      'rm -rf ${f%/*/*}/pins/* ${f%/*/*}/names/*; mkdir ${f%/*/*}/tmp/${f##*/}.lease.x',
    ],
  ])('%s: no executor installs it', async (_, attack) => {
    const before = await run(harness, 'attack', `${every(attack)}; ${look}`)
    expect(before).toMatch(good)
    const other = await startHarness({ cacheFolder: join(folder, 'cache') })
    expect(await run(other, 'elsewhere', look)).toBe(before)
    await other.close()
  })

  it('cannot reach it through its own files', async () => {
    const links = await run(
      harness,
      'links',
      'find "$JARCAST_LIBRARIES" -type f -links +1; ls "$JARCAST_LIBRARIES"',
    )
    expect(links).toBe('a.txt\ndata\nnode_modules\npkg.tgz\n')
    // Three libraries, and the manifest of their set.
    expect(await readdir(join(folder, 'cache/sha256'))).toHaveLength(4)
  })
})

describe.skipIf(!hasJava())('what a task does to the classes of the JVM host', () => {
  it.each([
    ['changes one', 'printf evil > JarcastHost.class'],
    ['adds one that would be found first', 'printf evil > Echo.class'],
  ])('%s: the next task runs the classes of the executor', async (_, attack) => {
    const jar: LibraryFile = {
      name: 'classes.jar',
      kind: 'jar',
      bytes: await readFile(join(import.meta.dirname, 'fixtures/classes.jar')),
    }
    librarySet = server.addSet(jar)
    const load = async (id: string): Promise<string | undefined> => {
      harness.agent.launch(id, { kind: 'load-class', className: 'Echo' }, { librarySet })
      return (await harness.agent.last(id)).state
    }
    expect(await load('first')).toBe('TASK_FINISHED')
    await run(harness, 'attack', `cd .jarcast/jvm/classes && chmod u+w * && ${attack}`)
    expect(await load('second')).toBe('TASK_FINISHED')
  })
})
