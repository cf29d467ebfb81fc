import { describe, expect, it } from 'vitest'
import { createSavedSource } from '../../../../src/inspector/page/source/saved-source.ts'
import type { App, AppInfo } from '../../../../src/inspector/protocol/questions.ts'
import { appInfo } from '../support.ts'

function setUp(at: App['at']) {
  let info = appInfo({ id: 'a' })
  let change = (): void => {}
  const app = {
    info: () => info,
    onChange: (listener: () => void) => {
      change = listener
      return () => {}
    },
    at,
  } as App
  const source = createSavedSource([app])
  const grow = (lastSeq: number) => {
    info = { ...info, lastSeq }
    change()
  }
  return { source, grow }
}

describe('createSavedSource', () => {
  it('answers from an app of the page', async () => {
    const { source } = setUp(({ now }) => ({ seq: now * 2 }))
    await expect(source.ask('a', 'at', { now: 4 })).resolves.toEqual({ seq: 8 })
  })

  it('refuses as a server does', async () => {
    const { source } = setUp(() => {
      throw Object.assign(new Error('no'), { code: 'NOT_PERMITTED' })
    })
    await expect(source.ask('a', 'at', { now: 4 })).rejects.toMatchObject({ code: 'NOT_PERMITTED' })
    await expect(source.ask('b', 'at', { now: 4 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('reports apps that grow', () => {
    const { source, grow } = setUp(() => ({ seq: 0 }))
    const seen: AppInfo['lastSeq'][] = []
    source.onApps(([app]) => seen.push(app?.lastSeq ?? -1))
    grow(200)
    expect(seen).toEqual([100, 200])
  })
})
