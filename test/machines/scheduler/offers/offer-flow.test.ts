import { describe, it } from 'vitest'
import { offerFlowMachine } from '../../../../src/machines/scheduler/offers/offer-flow.ts'
import type { OfferFlowEvent } from '../../../../src/machines/scheduler/offers/offer-flow.ts'
import { given } from '../../../../src/testing/given.ts'

const subscribed: OfferFlowEvent = { type: 'mesos.subscribed', frameworkId: 'f1' }
const fresh = given({ input: { burst: 2, refillMs: 1000 }, records: [] }, offerFlowMachine)

function wanted(roles: readonly string[], isNew = true): OfferFlowEvent {
  return { type: 'roles.wanted', wanted: roles, roles: ['a', 'b'], isNew }
}

function filtered(...roles: readonly string[]): OfferFlowEvent {
  return { type: 'roles.filtered', roles }
}

const suppress = (...roles: readonly string[]) => ({
  type: 'fx.call' as const,
  params: { type: 'SUPPRESS', ...(roles.length === 0 ? {} : { suppress: { roles } }) },
})
const revive = (...roles: readonly string[]) => ({
  type: 'fx.call' as const,
  params: { type: 'REVIVE', ...(roles.length === 0 ? {} : { revive: { roles } }) },
})
const failed: OfferFlowEvent = {
  type: 'call.failed',
  call: 'REVIVE',
  launchIds: [],
  outcome: 'unsent',
  message: 'ended',
}
const none = wanted([])
const all = wanted(['a', 'b'])

describe('offerFlowMachine', () => {
  it('suppresses all roles while nothing is wanted, once', () => {
    fresh.when(subscribed, none, none).then(({ value }) => value, [suppress()])
  })

  it('suppresses and revives single roles', () => {
    fresh
      .when(subscribed, wanted(['a']))
      .then(() => 0, [suppress('b')])
      .when(wanted(['b']))
      .then(() => 0, [suppress('a'), revive('b')])
      .when(all)
      .then(() => 0, [revive('a')])
  })

  it('revives when more work comes that declined offers may do for', () => {
    fresh
      .when(subscribed, all, filtered('a'))
      .then(() => 0, [])
      .when(wanted(['a', 'b'], false))
      .then(() => 0, [])
      .when(all)
      .then(() => 0, [revive('a')])
  })

  it('revives the wanted roles again for the user, and none without work', () => {
    const again: OfferFlowEvent = { type: 'offers.revive' }
    fresh
      .when(subscribed, wanted(['a']), again)
      .then(() => 0, [suppress('b'), revive('a')])
      .when(none)
      .then(() => 0, [suppress('a')])
      .when(again)
      .then({ offers: 'settled', bucket: 'filling' }, [])
  })

  it('limits what the user asks for as well', () => {
    const again: OfferFlowEvent = { type: 'offers.revive' }
    fresh
      .when(subscribed, all, again, again, again)
      .then({ offers: 'waitingForToken', bucket: 'filling' }, [revive(), revive()])
      .after(1000)
      .then({ offers: 'settled', bucket: 'filling' }, [revive()])
  })

  it('takes a token for each revive and waits when none is left', () => {
    const empty = fresh.when(subscribed, none, all, none, all, none).then(() => 0)
    empty
      .when(all)
      .then({ offers: 'waitingForToken', bucket: 'filling' }, [])
      .after(1000)
      .then({ offers: 'settled', bucket: 'filling' }, [revive()])
      .after(1000)
      .after(1000)
      .then({ offers: 'settled', bucket: 'full' }, [])
  })

  it('suppresses without a token, also while it waits for one', () => {
    fresh
      .when(subscribed, none, all, none, all, none, all)
      .then({ offers: 'waitingForToken', bucket: 'filling' })
      .when(none)
      .then({ offers: 'settled', bucket: 'filling' }, [])
      .after(10_000)
      .then({ offers: 'settled', bucket: 'full' }, [])
  })

  it('begins anew with each subscription: nothing is suppressed then', () => {
    const lost = { type: 'connection.lost', code: '', message: '', retryable: true } as const
    fresh
      .when(subscribed, none, lost)
      .then({ offers: 'away', bucket: 'full' })
      .when(all)
      .then({ offers: 'away', bucket: 'full' }, [])
      .when(subscribed)
      .then({ offers: 'settled', bucket: 'full' }, [])
  })

  it('sends a failed call again after a delay', () => {
    fresh
      .when(subscribed, none)
      .then(() => 0)
      .when(failed)
      .then({ offers: 'retrying', bucket: 'full' }, [])
      .after(1000)
      .then({ offers: 'settled', bucket: 'full' }, [suppress()])
  })

  it('knows other roles after an update of the framework', () => {
    fresh
      .when(subscribed, none)
      .then(() => 0)
      .when({ type: 'roles.changed', roles: ['c'] })
      .then(() => 0, [suppress()])
  })
})
