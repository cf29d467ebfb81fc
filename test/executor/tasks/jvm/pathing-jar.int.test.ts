import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { javaCommand } from '../../../../scripts/support/machine.mjs'
import { hasJava } from '../../../support/java.ts'
import { createJvmHosts } from '../../../../src/executor/tasks/jvm/jvm-host.ts'
import { writePathingJar } from '../../../../src/executor/tasks/jvm/pathing-jar.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-path-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe.skipIf(!hasJava())('writePathingJar', () => {
  it('gives java a class path longer than any argument', async () => {
    const hosts = createJvmHosts(folder, process.env)
    // java must find the class of the host, at the end of the path.
    await hosts.loadClass({ kind: 'load-class', className: 'X' }, [])
    const others = Array.from({ length: 5000 }, (_, index) => `${folder}/some where/${index}-é.jar`)
    const jar = await writePathingJar(folder, [...others, `${folder}/classes/`])
    const running = promisify(execFile)(javaCommand, ['-cp', jar, 'JarcastHost'])
    running.child.stdin?.end(`${folder}/proof\njava.lang.String\n`)
    expect((await running).stdout).toBe('successfully loaded java.lang.String\n')
  })

  it('replaces a class path that does not fit', async () => {
    const hosts = createJvmHosts(folder, process.env)
    const classPath = Array.from({ length: 5000 }, (_, index) => `${folder}/libraries/${index}.jar`)
    const work = { kind: 'java' as const, mainClass: 'Main', args: ['x'] }
    const { args } = await hosts.main(work, [{ setId: 's', folder, classPath }], 10)
    expect(args).toEqual(['-cp', expect.stringMatching(/class-path-\w+\.jar$/), 'Main', 'x'])
  })

  it('replaces a class path with a colon in the name of a jar', async () => {
    const hosts = createJvmHosts(folder, process.env)
    const set = { setId: 's', folder, classPath: [`${folder}/a:b.jar`] }
    const { args } = await hosts.main({ kind: 'java', mainClass: 'Main' }, [set], 10)
    expect(args[1]).toMatch(/class-path-\w+\.jar$/)
  })
})
