/** Reads the messages of executors to `POST /relays`. */
import { defined } from '../../defined.ts'
import { isRecord, parseJson } from '../../domain/json.ts'
import type { RelayFault } from '../../domain/relay/relay-events.ts'

export type RelayMessage = {
  /** Digest of the library. */
  readonly sha256: string
  /** Port on which the executor serves the library. */
  readonly port: number
  /** Time of the message, ms since 1970 by the clock of the jar server; 0 if unknown. */
  readonly time: number
  /** Unique to this message. */
  readonly nonce: string
} & (
  | { readonly type: 'join'; readonly rack?: string; readonly hostname?: string }
  | { readonly type: 'finish' | 'leave' }
  | {
      readonly type: 'fail'
      readonly source: string
      readonly reason: RelayFault
    }
)

export type RelayJoin = Extract<RelayMessage, { readonly type: 'join' }>

export const maxRelayMessageBytes = 2048

const faults: readonly unknown[] = ['dead', 'wrong', 'slow'] satisfies RelayFault[]
const maxWordLength = 256

/** Undefined if the text is no valid message. */
export function parseRelayMessage(text: string): RelayMessage | undefined {
  const value = parseJson(text)
  if (!isRecord(value)) return undefined
  const { type, sha256, port, time = 0, nonce = '', source, reason } = value
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || !isPort(port))
    return undefined
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || !isWord(nonce)) return undefined
  const common = { sha256, port, time, nonce }
  if (type === 'join') return readJoin({ ...common, type }, value)
  if (type === 'finish' || type === 'leave') return { ...common, type }
  if (type === 'fail' && isWord(source) && faults.includes(reason)) {
    return { ...common, type, source, reason: reason as RelayFault }
  }
  return undefined
}

function readJoin(
  join: RelayJoin,
  { rack, hostname }: Record<string, unknown>,
): RelayJoin | undefined {
  if ((rack !== undefined && !isWord(rack)) || (hostname !== undefined && !isWord(hostname)))
    return undefined
  return { ...join, ...defined({ rack, hostname }) }
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxWordLength
}
