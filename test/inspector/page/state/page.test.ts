import { describe, expect, it } from 'vitest'
import type { Ask, Source } from '../../../../src/inspector/page/source/source.ts'
import { goTo, jump } from '../../../../src/inspector/page/state/moves.ts'
import { createPage } from '../../../../src/inspector/page/state/page.ts'
import type { AppInfo, Moment } from '../../../../src/inspector/protocol/questions.ts'
import type { Step } from '../../../../src/inspector/protocol/step.ts'
import { appInfo, settle } from '../support.ts'

type Answers = Readonly<Record<string, (params: never) => unknown>>

function setUp({ start = {}, answers = {} }: { start?: object; answers?: Answers } = {}) {
  const asked: [string, string, unknown][] = []
  const ask = (async (app: string, name: string, params: never) => {
    asked.push([app, name, params])
    return answers[name]?.(params)
  }) as unknown as Ask
  let tell = (_apps: readonly AppInfo[]): void => {}
  const source: Source = {
    ask,
    onApps: (listener) => (tell = listener),
    onConnection: (listener) => listener('live'),
  }
  const page = createPage(source, start)
  return { page, asked, tell: (...apps: readonly AppInfo[]) => tell(apps) }
}

describe('createPage', () => {
  it('follows the newest entry until one is chosen', () => {
    const { page, tell } = setUp()
    tell(appInfo({ lastSeq: 100 }))
    tell(appInfo({ lastSeq: 105 }))
    expect([page.seq.value, page.isFollowing.value]).toEqual([105, true])
    page.go(50)
    tell(appInfo({ lastSeq: 110 }))
    expect([page.seq.value, page.isFollowing.value]).toEqual([50, false])
    page.follow()
    expect(page.seq.value).toBe(110)
  })

  it('goes no further than the run', () => {
    const { page, tell } = setUp()
    tell(appInfo({ firstSeq: 10, lastSeq: 20 }))
    page.go(5)
    expect(page.seq.value).toBe(10)
    page.go(500)
    expect(page.seq.value).toBe(20)
  })

  it('opens at the moment of a link, before any app is known', () => {
    const { page, tell } = setUp({ start: { app: 'b', entry: 7, view: 'sequence' } })
    expect(page.address.value).toMatchObject({ app: 'b', entry: 7, view: 'sequence' })
    tell(appInfo({ id: 'a' }), appInfo({ id: 'b' }))
    expect([page.app.value?.id, page.seq.value]).toEqual(['b', 7])
    expect(page.linkTo(9)).toBe('#app=b&entry=9&view=sequence')
  })

  it('has the filter of the log in its address, and takes it from there', () => {
    const { page, tell } = setUp({ start: { filter: { text: 'lost' } } })
    tell(appInfo({ id: 'a' }))
    expect(page.filter.value).toEqual({ text: 'lost' })
    page.filter.value = { failedOnly: true }
    expect(page.linkTo(9)).toBe('#app=a&entry=9&find-failed=1')
    page.choose({ app: 'a', filter: { type: 'mesos.update' } })
    expect(page.filter.value).toEqual({ type: 'mesos.update' })
    page.choose({ app: 'a' })
    expect(page.filter.value).toEqual({})
  })

  it('shows the first app in place of one that is gone', () => {
    const { page, tell } = setUp({ start: { app: 'gone' } })
    tell(appInfo({ id: 'a' }))
    expect(page.app.value?.id).toBe('a')
  })

  it('asks for moment and step of the chosen entry', async () => {
    const { page, asked, tell } = setUp({ answers: { moment: ({ seq }) => ({ seq }) } })
    tell(appInfo())
    await settle()
    page.go(3)
    await settle()
    expect(asked.map(([, name, params]) => [name, params])).toEqual([
      ['moment', { seq: 100 }],
      ['step', { seq: 100 }],
      ['moment', { seq: 3 }],
      ['step', { seq: 3 }],
    ])
    expect(page.shown.value).toEqual({ seq: 3 })
  })

  it('shows a branch until another moment is chosen', async () => {
    const { page, tell } = setUp({ answers: { moment: () => ({ of: 'run' }) } })
    tell(appInfo())
    await settle()
    const moment = { of: 'branch' } as unknown as Moment
    page.branch.value = {
      app: 'app',
      seq: 100,
      event: { type: 'x' },
      step: {} as Step,
      moment,
    }
    expect(page.shown.value).toBe(moment)
    page.go(99)
    await settle()
    expect([page.branch.value, page.shown.value]).toEqual([undefined, { of: 'run' }])
  })
})

describe('jump', () => {
  it('goes to the next landmark, or says that there is none', async () => {
    let seq: number | null = 42
    const { page, tell } = setUp({ answers: { next: () => ({ seq }) } })
    tell(appInfo())
    await jump(page, 'failure', 1)
    expect(page.seq.value).toBe(42)
    seq = null
    await jump(page, 'failure', -1)
    expect([page.seq.value, page.notice.value]).toEqual([42, 'No failure before this entry.'])
  })

  it('says why a question was refused', async () => {
    const refuse = () => {
      throw new Error('not kept')
    }
    const { page, tell } = setUp({ answers: { next: refuse } })
    tell(appInfo())
    await jump(page, 'restart', 1)
    expect(page.notice.value).toBe('not kept')
  })
})

describe('goTo', () => {
  it('goes to an entry, or to the last one before a time', async () => {
    const { page, asked, tell } = setUp({ answers: { at: () => ({ seq: 77 }) } })
    tell(
      appInfo({ startedAt: new Date(2026, 0, 1).getTime(), now: new Date(2026, 0, 2).getTime() }),
    )
    await goTo(page, '#12')
    expect(page.seq.value).toBe(12)
    await goTo(page, '03:12')
    expect(page.seq.value).toBe(77)
    expect(asked.find(([, name]) => name === 'at')?.[2]).toEqual({
      now: new Date(2026, 0, 1, 3, 12).getTime(),
    })
    await goTo(page, 'tea time')
    expect(page.notice.value).toMatch('03:12')
  })
})
