import { describe, expect, it } from 'vitest'
import {
  entryBounds,
  slimStatus,
  toInboxEvents,
  unusableOffers,
} from '../../../src/framework/intake/inbox-events.ts'
import type { Offer, SchedulerEvent, TaskStatus } from '../../../src/mesos/types.generated.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

const value = (text: string) => ({ value: text })
const offersOf = (...offers: readonly Offer[]): SchedulerEvent => ({
  type: 'OFFERS',
  offers: { offers },
})
const entriesOf = (event: SchedulerEvent) => toInboxEvents(event, 'http://m1:5050')
const sizeOf = (entry: unknown): number => JSON.stringify(entry).length

describe('toInboxEvents', () => {
  it.each<[SchedulerEvent, unknown]>([
    [
      { type: 'SUBSCRIBED', subscribed: { frameworkId: value('f1') } },
      { type: 'mesos.subscribed', frameworkId: 'f1', master: 'http://m1:5050' },
    ],
    [
      { type: 'RESCIND', rescind: { offerId: value('o1') } },
      { type: 'mesos.rescind', offerId: 'o1' },
    ],
    [
      { type: 'RESCIND_INVERSE_OFFER', rescindInverseOffer: { inverseOfferId: value('i1') } },
      { type: 'mesos.rescindInverseOffer', inverseOfferId: 'i1' },
    ],
    [
      { type: 'UPDATE', update: { status: status('a', 'TASK_RUNNING') } },
      { type: 'mesos.update', status: status('a', 'TASK_RUNNING') },
    ],
    [
      { type: 'FAILURE', failure: { agentId: value('a1'), status: 9 } },
      { type: 'mesos.failure', agentId: value('a1'), status: 9 },
    ],
    [
      { type: 'ERROR', error: { message: 'no' } },
      { type: 'mesos.error', message: 'no' },
    ],
    [{ type: 'HEARTBEAT' }, { type: 'mesos.other', event: 'HEARTBEAT' }],
  ])('makes one entry of %j', (event, entry) => {
    expect(entriesOf(event)).toEqual([entry])
  })

  it('makes no entry of a message of an executor', () => {
    const message = { agentId: value('a1'), executorId: value('e'), data: '' }
    expect(entriesOf({ type: 'MESSAGE', message })).toEqual([])
  })

  it('splits offers into batches that fit, in their order', () => {
    const large = (id: string) => ({ ...offer(id), hostname: 'x'.repeat(400 * 1024) })
    const entries = entriesOf(offersOf(large('o1'), large('o2'), large('o3')))
    const ids = entries.map((entry) =>
      entry.type === 'mesos.offers' ? entry.offers.map(({ id }) => id.value) : [],
    )
    expect(ids).toEqual([['o1', 'o2'], ['o3']])
    for (const entry of entries) expect(sizeOf(entry)).toBeLessThan(entryBounds.batch + 1024)
  })

  it('makes an offer without resources of one that is too large, and notes why', () => {
    const huge = { ...offer('o1'), attributes: [], hostname: 'x'.repeat(2 * 1024 * 1024) }
    const [note, entry] = entriesOf(offersOf(huge, offer('o2')))
    expect(note).toMatchObject({
      type: 'mesos.refused',
      event: 'OFFERS',
      message: expect.stringMatching(/^offer o1 .* has \d+ characters of JSON: it is declined$/),
    })
    expect(entry).toMatchObject({
      type: 'mesos.offers',
      offers: [{ id: value('o1') }, offer('o2')],
    })
    expect(sizeOf(entry)).toBeLessThan(entryBounds.offer)
    expect(entry).not.toHaveProperty('offers.0.resources')
  })

  it('refuses an offer with an amount that is no number, which JSON cannot express', () => {
    const resources = [{ name: 'cpus', type: 'SCALAR', scalar: { value: Number.NaN } }] as const
    const [note, entry] = entriesOf(offersOf({ ...offer('o1'), resources }))
    expect(note).toMatchObject({ message: expect.stringContaining('an amount that is no number') })
    expect(entry).toMatchObject({ offers: [{ id: value('o1') }] })
    expect(JSON.stringify(entry)).not.toContain('cpus')
  })

  it('takes unusable offers as offers without resources', () => {
    const [entry] = entriesOf(unusableOffers(['o1', 'o2']))
    expect(entry).toMatchObject({ offers: [{ id: value('o1') }, { id: value('o2') }] })
  })

  it('cuts long texts', () => {
    const [entry] = entriesOf({ type: 'ERROR', error: { message: 'x'.repeat(100_000) } })
    expect(sizeOf(entry)).toBeLessThan(entryBounds.text + 100)
    expect(entry).toMatchObject({ message: expect.stringMatching(/x…$/) })
  })
})

describe('slimStatus', () => {
  const small = status('a', 'TASK_FINISHED', { message: 'done', data: 'aGk=' })
  const large: TaskStatus = {
    ...small,
    message: 'm'.repeat(100_000),
    data: 'd'.repeat(100_000),
    labels: { labels: [{ key: 'k', value: 'v' }] },
    executorId: value('e'),
  }

  it('returns a small status as it is', () => {
    expect(slimStatus(small)).toBe(small)
  })

  it('keeps the parts of a large one that decisions need', () => {
    const slim = slimStatus(large)
    expect(slim).toMatchObject({
      taskId: value('a'),
      state: 'TASK_FINISHED',
      executorId: value('e'),
    })
    expect(slim).not.toHaveProperty('data')
    expect(slim).not.toHaveProperty('labels')
    expect(slim.message).toHaveLength(entryBounds.text + 1)
  })

  it('keeps no texts and data of a bare one', () => {
    const slim = slimStatus(large, true)
    expect(slim).toMatchObject({ taskId: value('a'), state: 'TASK_FINISHED' })
    expect(slim).not.toHaveProperty('message')
    expect(sizeOf(slim)).toBeLessThan(entryBounds.id)
  })

  it('unsets numbers that JSON cannot express', () => {
    expect(slimStatus({ ...small, timestamp: Number.POSITIVE_INFINITY })).toEqual(small)
  })
})
