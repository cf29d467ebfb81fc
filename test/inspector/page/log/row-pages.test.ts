import { describe, expect, it } from 'vitest'
import { createRowPages } from '../../../../src/inspector/page/log/row-pages.ts'
import type { Row } from '../../../../src/inspector/protocol/questions.ts'
import { settle } from '../support.ts'

function setUp(count: number, has = count) {
  const asked: number[] = []
  const answers: (() => void)[] = []
  let rows = has
  let isBroken = false
  const load = (first: number, size: number) =>
    new Promise<readonly Row[]>((resolve, reject) => {
      asked.push(first)
      answers.push(() => {
        const length = Math.max(0, Math.min(size, rows - first))
        if (isBroken) reject(new Error('gone'))
        else resolve(Array.from({ length }, (_, at) => ({ seq: first + at }) as Row))
      })
    })
  const pages = createRowPages(load, count)
  const answer = async () => {
    answers.shift()?.()
    await settle()
  }
  return {
    pages,
    asked,
    answer,
    grow: (to: number, isFollowed = false) => {
      rows = to
      pages.grow(to, isFollowed)
    },
    setBroken: (value: boolean) => (isBroken = value),
  }
}

describe('createRowPages', () => {
  it('asks for the pages of the rows that are looked at', async () => {
    const { pages, asked, answer } = setUp(10_000)
    pages.want(390, 430)
    expect([asked, pages.at(395)]).toEqual([[200, 400], undefined])
    await answer()
    expect([pages.at(395)?.seq, pages.version.value]).toEqual([395, 1])
    await answer()
    pages.want(395, 420)
    expect(asked).toEqual([200, 400])
  })

  it('leaves out pages that have been scrolled past', async () => {
    const { pages, asked, answer } = setUp(100_000)
    for (const first of [0, 1_000, 2_000, 50_000]) pages.want(first, first + 30)
    expect(asked).toEqual([0, 1_000])
    await answer()
    expect(asked).toEqual([0, 1_000, 50_000])
  })

  it('asks for the last page again when the log grows', async () => {
    const { pages, asked, answer, grow } = setUp(10)
    pages.want(0, 10)
    await answer()
    grow(15)
    await answer()
    expect([asked, pages.at(14)?.seq]).toEqual([[0, 0], 14])
  })

  it('asks for the end of a log that is followed, before what is looked at', () => {
    const { pages, asked, grow } = setUp(1_000)
    grow(90_000, true)
    pages.want(0, 10)
    expect(asked).toEqual([89_800, 89_600])
  })

  it('asks no more for rows that the app does not have', async () => {
    const { pages, asked, answer } = setUp(50, 20)
    pages.want(0, 50)
    await answer()
    pages.want(0, 49)
    expect([asked, pages.at(30)]).toEqual([[0], undefined])
  })

  it('asks again after an error, when the rows are looked at again', async () => {
    const { pages, asked, answer, setBroken } = setUp(50)
    setBroken(true)
    pages.want(0, 50)
    pages.grow(50, true)
    await answer()
    expect(asked).toEqual([0])
    setBroken(false)
    pages.want(0, 50)
    await answer()
    expect(pages.at(30)?.seq).toBe(30)
  })

  it('forgets the pages that were looked at longest ago', async () => {
    const { pages, answer } = setUp(100_000)
    for (let page = 0; page < 130; page += 1) {
      pages.want(page * 200, page * 200 + 10)
      await answer()
    }
    expect([pages.at(0), pages.at(25_800)?.seq]).toEqual([undefined, 25_800])
  })
})
