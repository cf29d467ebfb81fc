/**
 * How libraries get to many hosts over links that are slower than the hosts: 24 hosts, each behind a link as slow as the
 * server's, are given the same 5 MB at the same moment. They run already, and have fetched another library in the same way:
 * all share the processors of one machine, where none may spend its time on warming up.
 */
import { figureOf, median } from '../support/measure.ts'
import type { Figure } from '../support/measure.ts'
import { hostCount, openSite, sizeBytes } from './links/relay-site.ts'
import type { Round, Site } from './links/relay-site.ts'
import { networkNeeds } from './links/netns.ts'

const rounds = 5
/** What each rate must reach, as a multiple of the time that one link takes for the library. */
const rates = [
  { megabits: 50, atMost: 1.8 },
  { megabits: 12.5, atMost: 1.3 },
] as const

export async function* figures(): AsyncGenerator<Figure> {
  const site = await openSite(1 + rounds * rates.length)
  if (site === undefined) {
    console.error(`${hostCount} hosts behind slow links: skipped: ${networkNeeds}`)
    return
  }
  try {
    await fetchRight(site)
    for (const { megabits, atMost } of rates) yield* measureAt(site, megabits, atMost)
  } finally {
    await site.close()
  }
  yield* inTrouble()
}

async function* measureAt(site: Site, megabits: number, atMost: number): AsyncGenerator<Figure> {
  site.network.setRate(`${megabits}mbit`)
  const measured: Round[] = []
  for (let round = 0; round < rounds; round++) measured.push(await fetchRight(site))
  const medianOf = (key: keyof Round): number => median(measured.map((round) => round[key]))
  const what = `${hostCount} hosts × 5 MB at ${megabits} Mbit/s`
  const seconds = measured.map((round) => round.seconds)
  const linkSeconds = (sizeBytes * 8) / (megabits * 1e6)
  yield figureOf(
    { case: `${what}: until the last has it`, unit: 's', limit: { atMost } },
    seconds,
    ["one link's limit", [linkSeconds]],
  )
  yield {
    case: `${what}: bytes served to the file`,
    value: medianOf('serverBytes') / sizeBytes,
    unit: '×',
  }
  // All share the processors of one machine, so this bounds the time from below.
  yield {
    case: `${what}: CPU of the server and all hosts`,
    value: medianOf('cpuSeconds'),
    unit: 's',
  }
}

async function* inTrouble(): AsyncGenerator<Figure> {
  const site = await openSite(2, 1)
  if (site === undefined) return
  try {
    await fetchRight(site)
    site.network.setRate(`${rates[0].megabits}mbit`)
    const doomed = site.hosts.slice(1, 6)
    const { seconds, serverBytes } = await site.fetch({ hosts: doomed, afterMs: 500 })
    const staying = site.hosts.filter((host) => !doomed.includes(host))
    const what = `${hostCount} hosts × 5 MB at ${rates[0].megabits} Mbit/s, 5 killed on the way, 1 lying`
    yield { case: `${what}: until the last has it`, value: seconds, unit: 's' }
    yield { case: `${what}: bytes served to the file`, value: serverBytes / sizeBytes, unit: '×' }
    yield { case: `${what}: hosts with wrong bytes`, value: await site.wrong(staying), unit: '' }
  } finally {
    await site.close()
  }
}

async function fetchRight(site: Site): Promise<Round> {
  const round = await site.fetch()
  if ((await site.wrong()) > 0) throw new Error('a library came wrong')
  return round
}
