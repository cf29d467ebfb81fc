import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readReceipts } from '../../../../src/executor/libraries/relay/receipts.ts'

function openReceipts(runs = 1000) {
  const request = new PassThrough()
  const closing = new AbortController()
  const receipts = readReceipts(request, runs, closing.signal)
  const order: (string | number)[] = []
  const note = async (runs: number): Promise<void> => {
    await receipts.untilAllowed(runs)
    order.push(runs)
  }
  return { request, receipts, closing, order, note }
}

describe('readReceipts', () => {
  it('allows two runs more than were acknowledged', async () => {
    const { request, order, note } = openReceipts()
    await note(2)
    const third = note(3)
    order.push('acknowledged')
    request.write('.')
    await third
    expect(order).toEqual([2, 'acknowledged', 3])
  })

  it('counts each byte of a body that came in one piece', async () => {
    const { request, order, note } = openReceipts()
    request.write('...')
    await note(5)
    const sixth = note(6)
    order.push('acknowledged')
    request.write('.')
    await sixth
    expect(order).toEqual([5, 'acknowledged', 6])
  })

  it('allows all runs to a request that has ended, as one without a body does', async () => {
    const { request, note, order } = openReceipts()
    request.end()
    await note(1000)
    expect(order).toEqual([1000])
  })

  it('ends a wait when the connection is closed', async () => {
    const { closing, note, order } = openReceipts()
    const third = note(3)
    closing.abort()
    await third
    expect(order).toEqual([3])
  })

  it('waits for the end of the request, which follows the last receipt', async () => {
    const { request, receipts, order } = openReceipts(3)
    const ended = receipts.untilEnded().then(() => order.push('ended'))
    const arrived = once(request, 'data')
    request.write('...')
    await arrived
    order.push('acknowledged')
    request.end()
    await ended
    expect(order).toEqual(['acknowledged', 'ended'])
  })

  it('closes the connection of a receiver that acknowledges more than it gets', async () => {
    const { request } = openReceipts(3)
    const arrived = once(request, 'data')
    request.write('...')
    await arrived
    expect(request.destroyed).toBe(false)
    request.write('.')
    await once(request, 'close')
  })
})
