import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseCoordinate } from '../../../src/coordinates/packages/coordinate.ts'
import type { MavenCoordinate } from '../../../src/coordinates/packages/coordinate.ts'
import { fileNameOf } from '../../../src/coordinates/maven/model/artifact.ts'
import { resolveMaven } from '../../../src/coordinates/maven/resolve-maven.ts'
import fixture from '../../fixtures/coordinates/maven-closures.json' with { type: 'json' }
import { openCentral } from '../maven-central.ts'

const folder = await mkdtemp(join(tmpdir(), 'jarcast-closures-'))
const central = await openCentral(folder)
// When all tests are skipped, afterAll does not run.
if (central === undefined) await rm(folder, { recursive: true })
// The platform of the recording: profiles depend on it.
const java = { javaVersion: '17.0.15', osName: 'Linux', osArch: 'amd64', osVersion: '6.1' }

afterAll(async () => {
  central?.close()
  // Prefetched POMs may still be written.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

describe.skipIf(central === undefined)('class paths of real packages', () => {
  it.each(Object.entries(fixture.closures))('equal those of Maven: %s', async (_, closure) => {
    if (central === undefined) return
    const roots = closure.packages.map((text) => parseCoordinate(text) as MavenCoordinate)
    const { artifacts } = await resolveMaven({ roots }, central.source, java, () => undefined)
    expect(artifacts.map(({ artifact }) => fileNameOf(artifact))).toEqual(closure.classPath)
  })
})
