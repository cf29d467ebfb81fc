/** Answers of the relay planner: lines of JSON that name a source for each stripe. */
import { isRecord, parseJson } from '../../../domain/json.ts'
import { server } from '../../../domain/relay/relay-events.ts'
import { stripeCount } from '../../../domain/relay/stripes.ts'

export interface StripeSource {
  /** `ADDRESS:PORT` of an executor, or `server`. */
  readonly id: string
  /** Hops from the jar server to this executor. */
  readonly hops: number
}

const maxLineLength = 4096
const maxHops = 100
const address = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i

/** The lines of a response that are not empty. Empty ones only keep the connection alive. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const part of text) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > maxLineLength) throw new Error('a line is too long')
    yield* lines.filter((line) => line !== '')
  }
}

/** The source of each stripe; none if the line is invalid. */
export function parseAnswer(line: string): readonly StripeSource[] {
  const value = parseJson(line)
  if (!isRecord(value)) return []
  const { sources, hops } = value
  if (!Array.isArray(sources) || !Array.isArray(hops) || sources.length !== stripeCount) return []
  return sources.map((id: unknown, stripe) => ({
    id: typeof id === 'string' && address.test(id) ? id : server,
    hops: Math.min(maxHops, Math.max(1, Number(hops[stripe]) || 1)),
  }))
}
