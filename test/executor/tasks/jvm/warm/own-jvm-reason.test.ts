import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findOwnJvmReason } from '../../../../../src/executor/tasks/jvm/warm/own-jvm-reason.ts'
import { makeZip } from '../../../../support/archives/zip.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-reason-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function reasonFor(isolation: 'shared' | 'child-first', ...names: readonly string[]) {
  const path = join(folder, `${names.length}-${names.join('-').replaceAll('/', '_')}.jar`)
  await writeFile(path, makeZip(names.map((name) => ({ name, content: 'x' }))))
  return await findOwnJvmReason([path], isolation)
}

describe('findOwnJvmReason', () => {
  it.each(['shared', 'child-first'] as const)(
    'is returned for drivers and launchers, %s',
    async (mode) => {
      expect(await reasonFor(mode, 'A.class', 'META-INF/services/java.sql.Driver')).toContain(
        'has a JDBC driver',
      )
      const launcher = 'org/springframework/boot/loader/launch/JarLauncher.class'
      expect(await reasonFor(mode, 'BOOT-INF/lib/a.jar', launcher)).toContain(
        "Spring Boot's launcher",
      )
    },
  )

  it.each([
    'java.security.Provider',
    'java.nio.file.spi.FileSystemProvider',
    'java.nio.charset.spi.CharsetProvider',
    'java.net.spi.URLStreamHandlerProvider',
    'java.lang.System$LoggerFinder',
  ])('is returned for %s, which only a class path offers', async (service) => {
    const name = `META-INF/services/${service}`
    expect(await reasonFor('child-first', name)).toContain(`offers ${service}`)
    expect(await reasonFor('shared', name)).toBeUndefined()
  })

  it.each(['A.class', 'META-INF/services/java.lang.Runnable', 'META-INF/services/org.a.B'])(
    'is undefined for %s',
    async (name) => {
      expect(await reasonFor('child-first', name)).toBeUndefined()
    },
  )

  it('leaves invalid jars to java', async () => {
    const path = join(folder, 'none.jar')
    await writeFile(path, 'no zip')
    expect(await findOwnJvmReason([path, join(folder, 'missing.jar')], 'shared')).toBeUndefined()
  })
})
