/** Ids as messages have them: `{ value }`. */
import { defined } from '../defined.ts'

export interface IdMessage {
  readonly value: string
}

export function toId(value: string): IdMessage {
  return { value }
}

/** Undefined if there is no id. */
export function toOptionalId(value: string | undefined): IdMessage | undefined {
  return value === undefined ? undefined : { value }
}

/** The place of an operation, as calls have it. */
export function toOptionalIds(
  agentId: string | undefined,
  resourceProviderId: string | undefined,
): { readonly agentId?: IdMessage; readonly resourceProviderId?: IdMessage } {
  return defined({
    agentId: toOptionalId(agentId),
    resourceProviderId: toOptionalId(resourceProviderId),
  })
}
