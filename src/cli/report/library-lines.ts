/** Lines about packages and libraries: resolved, staged, fetched, corrupted, in conflict. */
import { describeConflicts } from '../../domain/class-path/describe-conflicts.ts'
import { count, formatBytes, formatSeconds } from '../output/printable.ts'
import { notice, warning } from './line.ts'
import type { EventLine, EventLines, LineContext } from './line.ts'
import type { EventPayload } from './record/reported-event.ts'

export const libraryLines: EventLines = {
  'library.staging': ({ name, sizeBytes, stagedBytes }) =>
    stagedBytes < sizeBytes ? undefined : notice(`staged ${name}, ${formatBytes(sizeBytes)}`),
  'package.fetching': ({ package: id, fetchedBytes, sizeBytes }) =>
    fetchedBytes === sizeBytes ? notice(`fetched ${id}, ${formatBytes(fetchedBytes)}`) : undefined,
  'package.warning': ({ message }) => warning(message),
  'classPath.conflicts': describeFirstConflict,
  'library.fetched': describeFetched,
  'library.corrupted': ({ name, agentId, actual }, { hostOf }) => {
    const digest = `digest ${actual.slice(0, 12)}…`
    return warning(`${hostOf(agentId)} received ${name} corrupted (${digest}); fetching it again`)
  },
}

function describeFirstConflict(report: EventPayload<'classPath.conflicts'>): EventLine | undefined {
  const [first, ...others] = describeConflicts(report)
  if (first === undefined) return undefined
  const more = others.length === 0 ? '' : `; ${count(others.length, 'more conflict')}`
  return warning(`${first}${more} (jarcast classpath shows all)`)
}

function describeFetched(
  library: EventPayload<'library.fetched'>,
  { hostOf }: LineContext,
): EventLine {
  const { name, sizeBytes, agentId } = library
  return notice(`${hostOf(agentId)} has ${name}, ${formatBytes(sizeBytes)}, ${sourceOf(library)}`)
}

/** `in 1.2 s`, `1.0 MB of it fetched, in 1.2 s, from other executors`, `from its host cache`. */
function sourceOf(library: EventPayload<'library.fetched'>): string {
  const { durationMs, sizeBytes, source, receivedBytes = sizeBytes } = library
  if (source === 'cache') return 'from its host cache'
  const part = receivedBytes < sizeBytes ? `${formatBytes(receivedBytes)} of it fetched, ` : ''
  const from = source === 'peers' ? ', from other executors' : ''
  return `${part}in ${formatSeconds(durationMs)} s${from}`
}
