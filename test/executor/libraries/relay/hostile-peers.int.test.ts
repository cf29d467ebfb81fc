import { afterEach, describe, expect, it } from 'vitest'
import { openRelaySite } from '../../support/relay-site.ts'
import type { RelaySite, RelaySiteOptions } from '../../support/relay-site.ts'
import { behaviours, misbehave, openStranger } from '../../support/stranger.ts'
import type { Behaviour } from '../../support/stranger.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function openSite(options?: RelaySiteOptions): Promise<RelaySite> {
  const site = await openRelaySite(options)
  closing.push(() => site.close())
  return site
}

/** Claims to be complete, so that it is the first choice for every stripe. */
async function openHostile(site: RelaySite, behave: Behaviour): Promise<void> {
  const { membership, close } = await openStranger(site, misbehave(site, behave))
  closing.push(close)
  await membership.finish()
}

async function expectFetched(site: RelaySite): Promise<void> {
  const host = await site.openHost()
  await host.fetch()
  expect((await host.read()).equals(site.bytes)).toBe(true)
}

describe('a host whose sources are all hostile', () => {
  it.each(Object.entries(behaviours))('gets its library when each %s', async (_, behave) => {
    const site = await openSite()
    for (let count = 0; count < 4; count += 1) await openHostile(site, behave)
    await expectFetched(site)
  })

  it('gets it when each has another fault', async () => {
    const site = await openSite()
    for (const behave of Object.values(behaviours)) await openHostile(site, behave)
    await expectFetched(site)
  })
})
