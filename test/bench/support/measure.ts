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
  /** How much work the figure was measured with: its row is in the table of growth. */
  readonly size?: { readonly of: string; readonly count: number }
}

/** Bounds of the ratio of a figure, or of its value if it has no ratio. */
export interface Limit {
  readonly atLeast?: number
  readonly atMost?: number
  /** Default: `ratio` where there is one. */
  readonly of?: 'ratio' | 'value'
}

/** Median seconds of `rounds` runs, after one that does not count. */
export async function secondsOf(work: () => unknown, rounds = 5): Promise<number> {
  const [seconds] = await secondsOfEach([work], rounds)
  return seconds ?? Number.NaN
}

/** The same for several pieces of work, one after another in each round: whatever else the machine does hits all. */
export async function secondsOfEach(
  works: readonly (() => unknown)[],
  rounds = 5,
): Promise<readonly number[]> {
  const costs = await costsOfEach(works, rounds)
  return costs.map(({ seconds }) => seconds)
}

/** Medians of one piece of work. */
export interface Cost {
  readonly seconds: number
  /** CPU seconds, user and system: of all threads of this process, or of another that the work reports. */
  readonly cpuSeconds: number
}

/**
 * As `secondsOfEach`, with CPU. Work that another process does returns the `Cost` that it had there: the way there and
 * back is no part of it.
 */
export async function costsOfEach(
  works: readonly (() => unknown)[],
  rounds = 5,
): Promise<readonly Cost[]> {
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
  return samples.map((costs) => ({
    seconds: median(costs.map(({ seconds }) => seconds)),
    cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
  }))
}

function isCost(value: unknown): value is Cost {
  return typeof value === 'object' && value !== null && 'cpuSeconds' in value
}

/** A rate beside its peer's, with what the ratio (without a peer: the rate) must reach. */
export function rate(
  what: string,
  count: number,
  seconds: number,
  unit: string,
  peer?: readonly [name: string, seconds: number],
  limit?: Limit,
): Figure {
  const value = count / seconds
  const own = { case: what, value, unit, ...defined({ limit }) }
  if (peer === undefined) return own
  const [name, peerSeconds] = peer
  const peerValue = count / peerSeconds
  return { ...own, peer: name, peerValue, ratio: value / peerValue }
}

export function median(samples: readonly number[]): number {
  return samples.toSorted((one, other) => one - other)[Math.floor(samples.length / 2)] ?? Number.NaN
}
