import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createInstalledSets } from '../../../../src/executor/libraries/install/installed-sets.ts'

it.runIf(process.platform === 'linux')('restores files whose names are not UTF-8', async () => {
  const sandbox = mkdtempSync(join(tmpdir(), 'jarcast-sets-'))
  const folder = join(sandbox, 'libraries')
  const inside = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('d\u00fcr', 'latin1')])
  const file = Buffer.concat([inside, Buffer.from('/caf\u00e9', 'latin1')])
  const { signal } = new AbortController()
  let builds = 0
  try {
    const sets = createInstalledSets({
      sandbox,
      build: async (setId) => {
        builds += 1
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(inside, { recursive: true })
        writeFileSync(file, 'right')
        return { setId, folder, classPath: [] }
      },
    })
    const set = await sets.install('set', [], signal)
    await sets.restore([set], signal)
    expect(builds).toBe(1)
    writeFileSync(file, 'wrong')
    await sets.restore([set], signal)
    expect(builds).toBe(2)
  } finally {
    rmSync(sandbox, { recursive: true })
  }
})
