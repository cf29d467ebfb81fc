import { ownDataOf, quietly } from './hostile.ts'

/** The id of an actor, or of one persisted in a context; undefined for anything else. */
export function actorIdOf(value: object): string | undefined {
  const id = ownDataOf(value, 'id')
  if (typeof id !== 'string') return undefined
  const isPersisted = ownDataOf(value, 'xstate$$type') === 1
  const isActor = quietly(() => 'sessionId' in value && 'send' in value && 'getSnapshot' in value)
  return isPersisted || isActor === true ? id : undefined
}
