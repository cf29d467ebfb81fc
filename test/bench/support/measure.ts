/** How figures are measured: medians of several runs, ours and the peer's taking turns. */
import { defined } from '../../../src/defined.ts'

export interface Figure {
  readonly case: string
  readonly value: number
  readonly unit: string
  readonly peer?: string
  readonly peerValue?: number
  /** Ours to the peer's, in the figure's own unit. */
  readonly ratio?: number
  /** What it has to reach. A figure outside is reported, nothing fails. */
  readonly limit?: Limit
  /** Microseconds of CPU per unit of work, user and system, of all processes of one side. */
  readonly cpuUs?: number
  readonly peerCpuUs?: number
  /** The least and the most of all rounds. Values are medians. */
  readonly spread?: { readonly value: Range; readonly ratio?: Range }
  /** How much work the figure was measured with: its row is in the table of growth. */
  readonly size?: { readonly of: string; readonly count: number }
}

export type Range = readonly [least: number, most: number]

/** Bounds of the ratio of a figure, or of its value if it has no ratio. */
export interface Limit {
  readonly atLeast?: number
  readonly atMost?: number
  /** Default: `ratio` where there is one. */
  readonly of?: 'ratio' | 'value'
}

/** What one round took. */
export interface Cost {
  readonly seconds: number
  /** User and system: of all threads of this process, or of another that the work reports. */
  readonly cpuSeconds: number
}

/** The rounds of a peer, in the figure's unit or in s. Rates and ratios compare rounds of the same number. */
export type PeerRounds = readonly [name: string, rounds: readonly number[]]

/** Median seconds of `rounds` runs, after one that does not count. */
export async function secondsOf(work: () => unknown, rounds = 5): Promise<number> {
  return median(await roundsOf(work, rounds))
}

/** Seconds of each of `rounds` runs, after one that does not count. */
export async function roundsOf(work: () => unknown, rounds = 5): Promise<readonly number[]> {
  const [seconds = []] = await roundsOfEach([work], rounds)
  return seconds
}

/** The same for several pieces of work, one after another in each round: whatever else the machine does hits all. */
export async function roundsOfEach(
  works: readonly (() => unknown)[],
  rounds = 5,
): Promise<readonly (readonly number[])[]> {
  const costs = await costsOfEach(works, rounds)
  return costs.map(secondsIn)
}

/**
 * The same with CPU. Work that another process does returns the `Cost` that it had there: the way there and back is no
 * part of it.
 */
export async function costsOfEach(
  works: readonly (() => unknown)[],
  rounds = 5,
): Promise<readonly (readonly Cost[])[]> {
  const samples = works.map((): Cost[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, work] of works.entries()) {
      const startedAt = performance.now()
      const cpuBefore = process.cpuUsage()
      const result = await work()
      const { user, system } = process.cpuUsage(cpuBefore)
      const seconds = (performance.now() - startedAt) / 1000
      const own = { seconds, cpuSeconds: (user + system) / 1e6 }
      if (round > 0) samples[index]?.push(isCost(result) ? result : own)
    }
  }
  return samples
}

function isCost(value: unknown): value is Cost {
  return typeof value === 'object' && value !== null && 'cpuSeconds' in value
}

export function secondsIn(costs: readonly Cost[]): readonly number[] {
  return costs.map(({ seconds }) => seconds)
}

/** Medians of the rounds of ours and of a peer, and how far apart the rounds are. */
export function figureOf(
  row: Pick<Figure, 'case' | 'unit' | 'limit' | 'size'>,
  own: readonly number[],
  peer?: PeerRounds,
): Figure {
  const value = median(own)
  const ofValue = own.length > 1 && { spread: { value: rangeOf(own) } }
  if (peer === undefined) return { ...row, value, ...ofValue }
  const [name, theirs] = peer
  const peerValue = median(theirs)
  const ratios = own.map((one, round) => one / (theirs[round] ?? peerValue))
  const ofBoth = ofValue && { spread: { ...ofValue.spread, ratio: rangeOf(ratios) } }
  return { ...row, value, peer: name, peerValue, ratio: value / peerValue, ...ofBoth }
}

/** Units of work per second beside a peer's, from the seconds of rounds of `count` units. */
export function rate(
  what: string,
  count: number,
  own: readonly number[],
  unit: string,
  peer?: PeerRounds,
  limit?: Limit,
): Figure {
  const ratesOf = (rounds: readonly number[]) => rounds.map((seconds) => count / seconds)
  const row = { case: what, unit, ...defined({ limit }) }
  return figureOf(row, ratesOf(own), peer && [peer[0], ratesOf(peer[1])])
}

/** CPU per unit of work, of rounds of `count` units. */
export function cpuPerUnit(
  count: number,
  own: readonly Cost[],
  peer: readonly Cost[],
): Pick<Figure, 'cpuUs' | 'peerCpuUs'> {
  const [cpuUs = Number.NaN, peerCpuUs = Number.NaN] = [own, peer].map(
    (costs) => (median(costs.map(({ cpuSeconds }) => cpuSeconds)) * 1e6) / count,
  )
  // Of processes it is known on Linux only.
  return Number.isFinite(cpuUs + peerCpuUs) ? { cpuUs, peerCpuUs } : {}
}

export function median(samples: readonly number[]): number {
  return samples.toSorted((one, other) => one - other)[Math.floor(samples.length / 2)] ?? Number.NaN
}

function rangeOf(samples: readonly number[]): Range {
  return [Math.min(...samples), Math.max(...samples)]
}
