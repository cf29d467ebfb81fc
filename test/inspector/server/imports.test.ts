import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import { createAppTable } from '../../../src/inspector/server/app-table.ts'
import { createImports } from '../../../src/inspector/server/imports.ts'

function frame(name: string): string {
  const snapshot = { status: 'active', value: 'on' }
  return JSON.stringify({ type: '@xstate.actor', name, sessionId: 'x:0', snapshot })
}

describe('createImports', () => {
  it('takes no more than a file may have', async () => {
    const apps = createAppTable()
    const imports = createImports({ apps, charts: new Charts(), maxBytes: 1000 })
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.from(`${frame('a')}\n`)
      })(),
    )
    await expect(imports.open(endless, 'endless')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(apps.infos()).toEqual([])
    imports.close()
  })

  it('reads a few files at a time', async () => {
    const imports = createImports({ apps: createAppTable(), charts: new Charts() })
    const files = Array.from({ length: 4 }, () => new PassThrough())
    const opening = files.map((file) => imports.open(file, 'slow'))
    const other = () => imports.open(Readable.from([Buffer.from(frame('a'))]), 'other')
    await expect(other()).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    for (const file of files) file.end(frame('slow'))
    await Promise.all(opening)
    expect(await other()).toBe('import-5')
    imports.close()
  })

  it('keeps the last 16 files', async () => {
    const apps = createAppTable()
    const imports = createImports({ apps, charts: new Charts() })
    for (let file = 1; file <= 18; file += 1)
      await imports.open(Readable.from([Buffer.from(frame(`run ${file}`))]), `run ${file}`)
    const names = apps.infos().map(({ name }) => name)
    expect([names.length, names[0], names.at(-1)]).toEqual([16, 'run 3', 'run 18'])
    imports.close()
    expect(apps.infos()).toEqual([])
  })
})
