import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeLeasedFolder, sweepLeasedFolders } from '../../src/leases/leased-folder.ts'
import { formatIdentity, thisProcess } from '../../src/leases/process-identity.ts'
import { createPrograms } from '../support/processes/program.ts'
import type { Program, Programs } from '../support/processes/program.ts'

let parent: string
let programs: Programs

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'leases-'))
  programs = await createPrograms()
})

afterEach(async () => {
  await programs.close()
  rmSync(parent, { recursive: true })
})

/** A process that makes a leased folder, tells its path and lives on. */
async function startHolder(): Promise<{ readonly program: Program; readonly path: string }> {
  const bundle = await programs.bundle(`
    import { makeLeasedFolder } from './leases/leased-folder.ts'
    console.log(makeLeasedFolder('test', process.argv[2]))
    setInterval(() => {}, 1000)`)
  const program = programs.start(bundle, [parent])
  return { program, path: (await program.read()) ?? '' }
}

describe('sweepLeasedFolders', () => {
  it('removes folders of killed processes, and no others', async () => {
    const [killed, living] = [await startHolder(), await startHolder()]
    const own = makeLeasedFolder('test', parent)
    expect(existsSync(killed.path)).toBe(true)
    await killed.program.kill()
    expect(sweepLeasedFolders(parent)).toEqual([killed.path])
    expect([killed.path, living.path, own].map(existsSync)).toEqual([false, true, true])
  })

  it('keeps the working folder of a process', async () => {
    const { program, path } = await startHolder()
    const worker = spawn('sleep', ['1000'], { cwd: path })
    await Promise.all([program.kill(), once(worker, 'spawn')])
    expect(sweepLeasedFolders(parent)).toEqual([])
    worker.kill()
    await once(worker, 'exit')
    expect(sweepLeasedFolders(parent)).toEqual([path])
  })

  it('keeps folders without proof of death', () => {
    const dead = { ...thisProcess(), pid: 4_194_304 }
    const leaseOf = (identity: Parameters<typeof formatIdentity>[0]) =>
      join(parent, `jarcast-test-lease.${formatIdentity(identity)}.abcdef`)
    const kept = [
      leaseOf({ ...dead, host: 'elsewhere' }),
      leaseOf({ ...dead, namespace: '1' }),
      join(parent, 'jarcast-test-lease.4194304.abcdef'),
      join(parent, 'jarcast-libraries-abcdef'),
    ]
    for (const path of kept) mkdirSync(path)
    symlinkSync(parent, leaseOf({ ...dead, started: 1 }))
    const removed = [leaseOf(dead), leaseOf({ ...thisProcess(), boot: '0123abcd' })]
    for (const path of removed) mkdirSync(path)
    expect(sweepLeasedFolders(parent).toSorted()).toEqual(removed.toSorted())
    expect(kept.every((path) => existsSync(path))).toBe(true)
  })

  it('detects a reused pid', () => {
    const earlier = { ...thisProcess(), started: 1 }
    const path = join(parent, `jarcast-test-lease.${formatIdentity(earlier)}.abcdef`)
    mkdirSync(path)
    expect(sweepLeasedFolders(parent)).toEqual([path])
  })
})
