import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stripeCount } from '../../../../src/domain/relay/stripes.ts'
import { joinRelays } from '../../../../src/executor/libraries/relay/membership.ts'
import type { Membership } from '../../../../src/executor/libraries/relay/membership.ts'

const one = '10.0.0.1:4000'
const other = '10.0.0.2:4000'
const closes: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

interface Planner {
  readonly uri: string
  /** Messages received, without time and nonce. */
  readonly messages: readonly Record<string, unknown>[]
  /** Names one source for all stripes. */
  name(id: string): void
}

async function openPlanner(firstAnswer: string): Promise<Planner> {
  const messages: Record<string, unknown>[] = []
  let answer: ServerResponse | undefined
  const name = (id: string) => {
    const stripes = Array.from({ length: stripeCount })
    answer?.write(
      `${JSON.stringify({ sources: stripes.map(() => id), hops: stripes.map(() => 2) })}\n`,
    )
  }
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      const { time: _, nonce: __, ...message } = JSON.parse(body) as Record<string, unknown>
      messages.push(message)
      if (message['type'] !== 'join') return res.writeHead(204).end()
      answer = res.writeHead(200)
      name(firstAnswer)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closes.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/relays`,
    messages,
    name,
  }
}

async function join({ uri }: Planner): Promise<Membership> {
  const leaving = new AbortController()
  closes.push(() => leaving.abort())
  return await joinRelays({
    uri,
    sha256: 'a',
    port: 1,
    rack: 'r1',
    hostname: 'agent-1',
    signal: leaving.signal,
  })
}

/** Sources of stripe 0, as they change. */
function sourcesOf(membership: Membership): readonly string[] {
  const ids: string[] = []
  const subscription = membership.source$(0).subscribe(({ id }) => ids.push(id))
  closes.push(() => subscription.unsubscribe())
  return ids
}

describe('joinRelays', () => {
  it('resolves with the first sources and follows changes', async () => {
    const planner = await openPlanner(one)
    const membership = await join(planner)
    const ids = sourcesOf(membership)
    planner.name(one)
    planner.name(other)
    await vi.waitFor(() => expect(ids).toEqual([one, other]))
    expect(planner.messages).toEqual([
      { sha256: 'a', port: 1, type: 'join', rack: 'r1', hostname: 'agent-1' },
    ])
  })
})

describe('Membership', () => {
  it('moves a failed stripe to the source that the planner names', async () => {
    const planner = await openPlanner(one)
    const membership = await join(planner)
    const ids = sourcesOf(membership)
    const report = membership.report(0, membership.sourceOf(0), 'slow').subscribe()
    await vi.waitFor(() => expect(planner.messages[1]).toMatchObject({ type: 'fail', source: one }))
    planner.name(other)
    await vi.waitFor(() => expect(ids).toEqual([one, other]))
    report.unsubscribe()
  })

  it('moves a failed stripe to the server without an answer', async () => {
    const membership = await join(await openPlanner(one))
    const ids = sourcesOf(membership)
    membership.report(0, membership.sourceOf(0), 'dead').subscribe()
    await vi.waitFor(() => expect(ids).toEqual([one, 'server']), { timeout: 3000 })
    expect(membership.sourceOf(1).id).toBe(one)
  })

  it('leaves a stripe with the server after eight faults', async () => {
    const planner = await openPlanner(one)
    const membership = await join(planner)
    const ids = sourcesOf(membership)
    for (let fault = 1; fault < 8; fault += 1)
      membership.report(0, membership.sourceOf(0), 'wrong').subscribe().unsubscribe()
    membership.report(0, membership.sourceOf(0), 'wrong').subscribe()
    await vi.waitFor(() => expect(ids).toEqual([one, 'server']), { timeout: 500 })
    planner.name(other)
    await vi.waitFor(() => expect(membership.sourceOf(1).id).toBe(other))
    expect(ids).toEqual([one, 'server'])
  })

  it('ignores the planner after it has finished', async () => {
    const planner = await openPlanner(one)
    const membership = await join(planner)
    await membership.finish()
    planner.name(other)
    await membership.leave()
    expect(membership.sourceOf(0).id).toBe(one)
    expect(planner.messages.map(({ type }) => type)).toEqual(['join', 'finish', 'leave'])
  })
})
