/**
 * Offers from their bytes to what the framework answers: of 10,000 agents at once, and one by one. Runs what
 * `npm run build` made.
 */
import { defined } from '../../../src/defined.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import type { FrameworkOptions } from '../../../src/framework/options/options.ts'
import type { Offer } from '../../../src/mesos/types.generated.ts'
import { codec, listen, loadBuilt, shell } from '../support/built.ts'
import type { Index, Local } from '../support/built.ts'
import { figureOf, rate, roundsOf } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { startScriptedMaster, type ScriptedMaster } from '../support/scripted-master.ts'
import { startBareClient } from './bare-client.ts'
import { finished, freshOf, taskIdsOf } from './offer-messages.ts'
import { startOfferingMaster } from './offering-master.ts'

const manyAgents = 10_000

/** Of each round. */
type Seconds = readonly number[]

export async function* figures(): AsyncGenerator<Figure> {
  const { index, local } = await loadBuilt()
  const offers = await offersOf(local, manyAgents)
  yield* offersHandled(index, offers)
  const [offer] = offers
  if (offer !== undefined) yield* offerToAccept(index, offer)
}

/** What a cluster of so many simulated agents offers at first. */
async function offersOf(local: Local, simulatedAgents: number): Promise<readonly Offer[]> {
  const cluster = await local.startLocalCluster({ open: true, simulatedAgents })
  try {
    return (await listen(cluster.url)).offers
  } finally {
    await cluster.close()
  }
}

/**
 * One OFFERS of all agents: the last of them gets a task; then, while a task waits that none of them fits, they are given
 * back at once, and kept for a while as by default.
 */
async function* offersHandled(index: Index, offers: readonly Offer[]): AsyncGenerator<Figure> {
  const bytes = codec.encodeEvent({ type: 'OFFERS', offers: { offers } })
  const peer = ['decoded only', await roundsOf(() => codec.decodeEvent(bytes))] as const
  const { length } = offers
  const accepted = await secondsToAccept(index, offers)
  const limit = { atLeast: 60_000, of: 'value' } as const
  yield rate(`OFFERS of ${length} agents to ACCEPT`, length, accepted, 'offers/s', peer, limit)
  const declined = await secondsToDecline(index, offers)
  yield rate(`${length} offers at once, declined`, length, declined, 'offers/s', peer)
  const held = await secondsToHold(index, offers)
  yield rate(`${length} offers at once, held`, length, held, 'offers/s', peer)
}

/** From the bytes of the OFFERS to those of the ACCEPT of the last offer in it, for the only task that waits. */
async function secondsToAccept(index: Index, offers: readonly Offer[]): Promise<Seconds> {
  const { framework, master } = await withScriptedMaster(index, askingAlways)
  const constraints = defined({ hostname: offers.at(-1)?.hostname })
  const ask = (): void => void framework.run({ ...shell(0.5), constraints }).catch(() => undefined)
  const [, ...samples] = await latencies(master, offers, ask, 1 + rounds)
  await framework.stop()
  master.close()
  return samples.map((ms) => ms / 1000)
}

/** From the bytes of the OFFERS to the DECLINE of the last offer in it. */
async function secondsToDecline(index: Index, offers: readonly Offer[]): Promise<Seconds> {
  const { framework, master } = await withScriptedMaster(index, { offerHoldMs: 0 })
  const never = framework.run(shell(999)).catch(() => undefined)
  const seconds = await roundsOf(async () => {
    const declined = new Promise<void>((resolveDeclined) => {
      let left = offers.length
      master.onCall = (call) => {
        if (call.type === 'DECLINE') left -= call.decline.offerIds?.length ?? 0
        if (left === 0) resolveDeclined()
      }
    })
    master.send(freshOf(offers))
    await declined
  })
  await framework.stop()
  master.close()
  await never
  return seconds
}

/** From the bytes of the OFFERS until the framework has looked at all of them; they have gone back by the next round. */
async function secondsToHold(index: Index, offers: readonly Offer[]): Promise<Seconds> {
  const { framework, master } = await withScriptedMaster(index, { offerHoldMs: 50 })
  const never = framework.run(shell(999)).catch(() => undefined)
  const samples: number[] = []
  for (let round = 0; round < 6; round++) {
    const givenBack = new Promise<void>((resolveGivenBack) => {
      master.onCall = ({ type }) => {
        if (type === 'DECLINE') resolveGivenBack()
      }
    })
    const received = new Promise((resolveReceived) => {
      framework.once('offers.received', resolveReceived)
    })
    const sentAt = master.send(freshOf(offers))
    await received
    samples.push((performance.now() - sentAt) / 1000)
    await givenBack
  }
  await framework.stop()
  master.close()
  await never
  return samples.slice(1)
}

async function withScriptedMaster(
  index: Index,
  options: Pick<FrameworkOptions, 'offerHoldMs' | 'revives'>,
): Promise<{ framework: Framework; master: ScriptedMaster }> {
  const master = await startScriptedMaster()
  const framework = index.createFramework({ master: master.url, ...options })
  await framework.start()
  await master.subscribed
  return { framework, master }
}

/** Asks anew for each task, as often as it likes. */
const askingAlways = { offerHoldMs: 0, revives: { burst: 1_000_000 } }
const rounds = 5
const offersPerRound = 1000

/** From the bytes of an OFFERS to those of the ACCEPT, beside a client that accepts without looking. */
async function* offerToAccept(index: Index, offer: Offer): AsyncGenerator<Figure> {
  const master = await startOfferingMaster(offer)
  const bareMaster = await startOfferingMaster(offer)
  const framework = index.createFramework({ master: master.url, ...askingAlways })
  await framework.start()
  const bare = await startBareClient(bareMaster.url)
  const ours: Seconds[] = []
  const peers: Seconds[] = []
  // The first, which does not count, warms the code up.
  for (let round = 0; round <= rounds; round++) {
    for (let count = 0; count < offersPerRound; count++) await framework.run(shell(0.5))
    ours.push(await master.takeLatencies())
    for (let count = 0; count < offersPerRound; count++) await bare.acceptOne()
    peers.push(await bareMaster.takeLatencies())
  }
  await framework.stop()
  bare.close()
  await Promise.all([master.close(), bareMaster.close()])
  for (const [name, share, limit] of [
    ['p50', 0.5, undefined],
    ['p99', 0.99, { atMost: 2, of: 'value' }],
  ] as const) {
    const [own = [], peer = []] = [ours, peers].map((all) =>
      all.slice(1).map((samples) => quantile(samples, share)),
    )
    const row = { case: `OFFERS in to ACCEPT out, ${name}`, unit: 'ms', ...defined({ limit }) }
    yield figureOf(row, own, ['accept unseen', peer])
  }
}

/** ms: so many times asks for an offer, gives one, waits for its ACCEPT, and ends the task that it launches. */
async function latencies(
  master: ScriptedMaster,
  offers: readonly Offer[],
  ask: () => void,
  count: number,
): Promise<readonly number[]> {
  const [first] = offers
  if (first === undefined) throw new Error('a latency needs an offer')
  const samples: number[] = []
  while (samples.length < count) {
    const accepted = new Promise<number>((resolveAccepted) => {
      let sentAt = 0
      let isSent = false
      master.onCall = (call, atMs) => {
        if (call.type === 'ACCEPT') {
          resolveAccepted(atMs - sentAt)
          for (const taskId of taskIdsOf(call)) master.send(finished(taskId, first))
        }
        if (call.type !== 'REVIVE' || isSent) return
        isSent = true
        sentAt = master.send(freshOf(offers))
      }
    })
    ask()
    samples.push(await accepted)
  }
  return samples
}

function quantile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN
}
