/** Names and definitions of the actors of a program, as its frames tell them. */
import type { ActorFrame } from '../protocol/frames.ts'

export interface ActorName {
  readonly name: string
  /** Unlike that of any other actor. */
  readonly label: string
  /** The same text for all actors of a machine. */
  readonly definition: string | undefined
}

export interface ActorNames {
  add(frame: ActorFrame): ActorName
  sessionOf(label: string): string | undefined
}

/** Characters of all definitions together; one beyond that is left out. */
const maxDefinitionChars = 8e6

interface Definition {
  readonly text: string
  readonly id: string | undefined
}

export function createActorNames(): ActorNames {
  const sessions = new Map<string, string>()
  const definitions = new Map<string, Definition>()
  let chars = 0

  function definitionOf(text: string): Definition | undefined {
    const known = definitions.get(text)
    if (known !== undefined) return known
    if (chars + text.length > maxDefinitionChars) return undefined
    chars += text.length
    const definition = { text, id: idIn(text) }
    definitions.set(text, definition)
    return definition
  }

  return {
    add({ sessionId, name: given, definition: text }) {
      const definition = text === undefined ? undefined : definitionOf(text)
      // XState names a root by its session unless its creator did.
      const name = given === sessionId ? (definition?.id ?? given) : given
      let label = name
      while (sessions.has(label)) label += ` ${sessionId}`
      sessions.set(label, sessionId)
      return { name, label, definition: definition?.text }
    },
    sessionOf: (label) => sessions.get(label),
  }
}

function idIn(definition: string): string | undefined {
  try {
    const { id } = JSON.parse(definition) as { readonly id?: unknown }
    return typeof id === 'string' && id !== '' ? id.slice(0, 200) : undefined
  } catch {
    return undefined
  }
}
