import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/journal-folder.ts'
import { bundleJournal, startProgram } from '../support/writer-process.ts'

/** A mount namespace of its own, which is gone with the process; `script` prepares it. */
function inside(script: string): readonly string[] {
  return ['unshare', '-m', 'sh', '-c', `${script} && exec "$@"`, 'sh']
}

const [command = '', ...args] = inside('mount -t tmpfs none /mnt')
const canMount = process.platform === 'linux' && spawnSync(command, [...args, 'true']).status === 0
if (!canMount) {
  console.log('skipped: full and read-only disks, needs Linux, root and a mount namespace')
}

const describeError = `const describe = (error) => ({ code: error.code, errno: error.details.errno })`

describe.skipIf(!canMount)('a disk that is full', () => {
  it('fails the append and all that follow, and keeps the rest', async () => {
    const folder = temporaryFolder()
    const writer = startProgram(
      await bundleJournal(),
      `const folder = ${JSON.stringify(folder)}
       ${describeError}
       const { rmSync, writeFileSync } = await import('node:fs')
       writeFileSync(folder + '/ballast', Buffer.alloc(64 * 1024))
       const journal = await open(folder, { segmentBytes: 50000 })
       let seq = 0
       let failed
       while (failed === undefined) {
         const records = Array.from({ length: 7 }, () => note(++seq, 'x'.repeat(500)))
         await journal.append(records).catch((error) => { failed = error; seq -= 7 })
       }
       print(describe(failed))
       await journal.writeSnapshot({ seq, fingerprint: 'f00d', state: 'x'.repeat(9000) }).catch((error) => print(describe(error)))
       print({ lastSeq: journal.lastSeq, acknowledged: seq })
       rmSync(folder + '/ballast')
       await journal.append([note(seq + 1)]).catch((error) => print(describe(error)))
       await journal.close()
       const again = await open(folder)
       print({ lastSeq: again.lastSeq, recovered: again.recovered ?? null, read: [...again.read()].length })
       await again.append([note(seq + 1)])
       print({ lastSeq: again.lastSeq })
       await again.close()`,
      inside(`mount -t tmpfs -o size=400k tmpfs ${folder}`),
    )
    const full = { code: 'JOURNAL_FULL', errno: 'ENOSPC' }
    expect(await writer.read()).toEqual(full)
    expect(await writer.read()).toEqual(full)
    const { lastSeq, acknowledged } = (await writer.read()) as Record<string, number>
    expect(lastSeq).toBe(acknowledged)
    expect(lastSeq).toBeGreaterThan(100)
    expect(await writer.read()).toEqual(full)
    expect(await writer.read()).toEqual({ lastSeq, recovered: null, read: lastSeq })
    expect(await writer.read()).toEqual({ lastSeq: (lastSeq ?? 0) + 1 })
  })

  it('refuses a new journal', async () => {
    const folder = temporaryFolder()
    const writer = startProgram(
      await bundleJournal(),
      `const folder = ${JSON.stringify(folder)}
       ${describeError}
       const { writeFileSync } = await import('node:fs')
       try { writeFileSync(folder + '/ballast', Buffer.alloc(1024 * 1024)) } catch {}
       await open(folder).catch((error) => print(describe(error)))`,
      inside(`mount -t tmpfs -o size=64k tmpfs ${folder}`),
    )
    expect(await writer.read()).toEqual({ code: 'JOURNAL_FULL', errno: 'ENOSPC' })
  })
})

describe.skipIf(!canMount)('a disk that is read-only', () => {
  it('is refused, but can be read', async () => {
    const folder = temporaryFolder()
    const bundle = await bundleJournal()
    const writer = startProgram(
      bundle,
      `const { execSync } = await import('node:child_process')
       const folder = ${JSON.stringify(folder)}
       ${describeError}
       const journal = await open(folder + '/run')
       await journal.append([note(1)])
       await journal.close()
       execSync('mount -o remount,ro ' + folder)
       for (const path of ['/run', '/new']) {
         await open(folder + path).catch((error) => print(describe(error)))
       }`,
      inside(`mount -t tmpfs -o size=400k tmpfs ${folder}`),
    )
    const readOnly = { code: 'JOURNAL_UNWRITABLE', errno: 'EROFS' }
    expect(await writer.read()).toEqual(readOnly)
    expect(await writer.read()).toEqual(readOnly)
  })
})

describe('a folder of another user', () => {
  it('is refused', async () => {
    const folder = temporaryFolder()
    const bundle = await bundleJournal()
    chmodSync(folder, 0o555)
    // Root may write everywhere; nobody may not.
    const isRoot = process.getuid?.() === 0
    if (isRoot) chmodSync(bundle.slice(0, bundle.lastIndexOf('/')), 0o755)
    const drop = isRoot ? 'process.setgroups([]); process.setgid(65534); process.setuid(65534)' : ''
    const writer = startProgram(
      bundle,
      `${drop}
       ${describeError}
       for (const path of ['', '/new']) {
         await open(${JSON.stringify(folder)} + path).catch((error) => print(describe(error)))
       }`,
    )
    const denied = { code: 'JOURNAL_UNWRITABLE', errno: 'EACCES' }
    expect(await writer.read()).toEqual(denied)
    expect(await writer.read()).toEqual(denied)
  })
})
