/** What a chaos proxy does to each connection, drawn from a seed. */

/** Where and how one connection goes wrong. Bytes are counted from the connection's start. */
export type Fate =
  | { readonly kind: 'clean' }
  /** Taken and closed before a byte: a server that restarts, a balancer without one. */
  | { readonly kind: 'refuse' }
  /** Closed for both sides once that many bytes went one way; the rest is lost. */
  | {
      readonly kind: 'cut'
      readonly after: 'request' | 'answer'
      readonly bytes: number
      readonly how: 'reset' | 'end'
    }
  /** Nothing goes either way any more; closed only after a while: a middlebox that forgot the connection. */
  | { readonly kind: 'stall'; readonly bytes: number; readonly forMs: number }
  /**
   * The answer of the nth request is lost and the request sent once more, over another connection, as gateways do
   * that try again (nginx `proxy_next_upstream … non_idempotent`, HAProxy `retry-on`). The client sees only the second answer.
   */
  | { readonly kind: 'repeat'; readonly request: number }

/** How the bytes of one direction are cut into segments, and how long each is held back. */
export interface Pace {
  nextSizeBytes(): number
  nextDelayMs(): number
}

export interface ConnectionPlan {
  readonly fate: Fate
  readonly request: Pace
  readonly answer: Pace
}

/** Longest stall: longer than five of the heartbeats that the runs under test are given. */
const maxStallMs = 1500
const maxDelayMs = 15

/** The plan of a connection: the same for the same seed, proxy and number, whatever travels on it. */
export function planConnection(
  seed: number,
  proxy: string,
  connection: number,
  mayFail: boolean,
): ConnectionPlan {
  const random = randomOf(`${seed}/${proxy}/${connection}`)
  return {
    fate: mayFail ? drawFate(random) : { kind: 'clean' },
    request: paceOf(randomOf(`${seed}/${proxy}/${connection}/request`)),
    answer: paceOf(randomOf(`${seed}/${proxy}/${connection}/answer`)),
  }
}

/** One word for a log. */
export function describeFate(fate: Fate): string {
  switch (fate.kind) {
    case 'cut':
      return `${fate.how} after ${fate.bytes} bytes of ${fate.after}`
    case 'stall':
      return `stall after ${fate.bytes} bytes of answer, for ${fate.forMs} ms`
    case 'repeat':
      return `repeat request ${fate.request}`
    default:
      return fate.kind
  }
}

function drawFate(random: () => number): Fate {
  const kind = random()
  if (kind < 0.35) return { kind: 'clean' }
  if (kind < 0.4) return { kind: 'refuse' }
  if (kind < 0.8) {
    return {
      kind: 'cut',
      after: random() < 0.4 ? 'request' : 'answer',
      bytes: drawBytes(random),
      how: random() < 0.5 ? 'reset' : 'end',
    }
  }
  if (kind < 0.85) {
    return {
      kind: 'stall',
      bytes: drawBytes(random),
      forMs: Math.ceil(random() * maxStallMs),
    }
  }
  return { kind: 'repeat', request: 1 + Math.floor(random() * 6) }
}

/** From 0 to 8191, each order of magnitude alike: heads, bodies, and the middle of streams. */
function drawBytes(random: () => number): number {
  return Math.floor(2 ** (random() * 13)) - 1
}

function paceOf(random: () => number): Pace {
  return {
    nextSizeBytes: () => Math.ceil(2 ** (random() * 16)),
    nextDelayMs: () => (random() < 0.1 ? Math.ceil(random() * maxDelayMs) : 0),
  }
}

/** Numbers in [0, 1): FNV-1a of the name, then mulberry32. */
function randomOf(name: string): () => number {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(name)) state = Math.imul(state ^ byte, 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
