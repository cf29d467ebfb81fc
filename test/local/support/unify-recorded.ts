/** Compares a recording with a run, field by field. Ids of runs must correspond one to one. */

/** Ids, uuids (16 bytes as base64) and addresses of one run. */
const runSpecific =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-[SO]?\d+)?|[A-Za-z0-9+/]{22}==|127\.0\.0\.1:\d+/gu

/** Numbers that are not compared, only required. */
const measured = new Set([
  'timestamp',
  'executor_pid',
  'nanoseconds',
  'start_time',
  'elected_time',
  'registered_time',
  'unregistered_time',
  'cpus_user_time_secs',
  'cpus_system_time_secs',
  'mem_rss_bytes',
])
/** Of those, numbers that may be 0 for a new process. */
const mayBeZero = new Set(['cpus_user_time_secs', 'cpus_system_time_secs'])
/** Numbers that are ids of a run. */
const numbered = new Set(['port'])

/** Recorded and current ids, one to one. */
export interface Correspondence {
  /** Replaces known ids in a recorded value by current ones. */
  translate<T>(recorded: T): T
  /** The differences, as `path: recorded … here …`. Pairs of new ids are learned. */
  unify(recorded: unknown, present: unknown, path?: string): string[]
}

/** Every run-specific text in a value. */
export function idsIn(value: unknown): string[] {
  return JSON.stringify(value ?? null).match(runSpecific) ?? []
}

export function createCorrespondence(): Correspondence {
  const presentOf = new Map<string, string>()
  const recordedOf = new Map<string, string>()

  /** True if they are one id; a pair of new ids is learned. */
  function correspond(recorded: string, present: string): boolean {
    if (!presentOf.has(recorded) && !recordedOf.has(present)) {
      presentOf.set(recorded, present)
      recordedOf.set(present, recorded)
    }
    return presentOf.get(recorded) === present
  }

  function isSameText(recorded: string, present: string): boolean {
    const [old, now] = [recorded, present].map((text) => text.match(runSpecific) ?? [])
    const [oldText, text] = [recorded, present].map((each) => each.replaceAll(runSpecific, 'ID'))
    return oldText === text && (old ?? []).every((id, index) => correspond(id, now?.[index] ?? ''))
  }

  function isSame(recorded: unknown, present: unknown, key: string): boolean {
    if (typeof recorded === 'string' && typeof present === 'string') {
      return isSameText(recorded, present)
    }
    if (typeof recorded === 'number' && typeof present === 'number') {
      if (mayBeZero.has(key)) return present >= 0
      if (measured.has(key)) return present > 0 === recorded > 0
      if (numbered.has(key)) return correspond(`${key} ${recorded}`, `${key} ${present}`)
    }
    return recorded === present
  }

  return {
    translate<T>(recorded: T): T {
      const text = JSON.stringify(recorded)
      return JSON.parse(text.replaceAll(runSpecific, (id) => presentOf.get(id) ?? id)) as T
    },
    unify(recorded, present, path = '') {
      if (isComposite(recorded) && isComposite(present)) {
        const keys = new Set([...Object.keys(recorded), ...Object.keys(present)])
        return [...keys].flatMap((key) => this.unify(recorded[key], present[key], `${path}.${key}`))
      }
      const key = path.slice(path.lastIndexOf('.') + 1)
      if (isSame(recorded, present, key)) return []
      return [`${path}: recorded ${JSON.stringify(recorded)}, here ${JSON.stringify(present)}`]
    },
  }
}

function isComposite(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
