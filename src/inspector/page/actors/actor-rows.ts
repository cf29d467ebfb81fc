/** Actors as the visible rows of a tree. */
import { groupBy } from '../../../group-by.ts'
import type { ActorAt } from '../../protocol/questions.ts'

export interface ActorRow {
  readonly actor: ActorAt
  /** 1 for a root. */
  readonly level: number
  readonly hasChildren: boolean
  readonly isOpen: boolean
  /** From 1, among its siblings. */
  readonly place: number
  readonly siblings: number
}

/**
 * The rows of actors that match the filter (in name, id or state) and of their ancestors, without
 * those inside a closed one. While a filter is set, nothing is closed.
 */
export function actorRows(
  actors: readonly ActorAt[],
  closed: ReadonlySet<string>,
  filter: string,
): readonly ActorRow[] {
  const shown = filter === '' ? actors : matching(actors, filter.toLowerCase())
  const ids = new Set(shown.map(({ id }) => id))
  const children = groupBy(shown, ({ parent }) =>
    parent !== undefined && ids.has(parent) ? parent : undefined,
  )
  const rows: ActorRow[] = []
  const open: { readonly actors: readonly ActorAt[]; next: number }[] = []
  const roots = children.get(undefined)
  if (roots !== undefined) open.push({ actors: roots, next: 0 })
  for (let family = open.at(-1); family !== undefined; family = open.at(-1)) {
    const actor = family.actors[family.next]
    if (actor === undefined) {
      open.pop()
      continue
    }
    family.next += 1
    const own = children.get(actor.id)
    const isOpen = own !== undefined && (filter !== '' || !closed.has(actor.id))
    rows.push({
      actor,
      level: open.length,
      hasChildren: own !== undefined,
      isOpen,
      place: family.next,
      siblings: family.actors.length,
    })
    if (isOpen) open.push({ actors: own, next: 0 })
  }
  return rows
}

function matching(actors: readonly ActorAt[], text: string): readonly ActorAt[] {
  const byId = new Map(actors.map((actor) => [actor.id, actor]))
  const shown = new Set<ActorAt>()
  for (const actor of actors) {
    const { name, id, state } = actor
    if (![name, id, state].some((word) => word.toLowerCase().includes(text))) continue
    for (let each: ActorAt | undefined = actor; each !== undefined && !shown.has(each);) {
      shown.add(each)
      each = each.parent === undefined ? undefined : byId.get(each.parent)
    }
  }
  return actors.filter((actor) => shown.has(actor))
}
