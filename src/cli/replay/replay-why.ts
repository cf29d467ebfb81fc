/** Why a step went as it did: for programs, and as lines for people. */
import type { StepJson } from '../../inspector/replay-app/replay-steps.ts'
import { printable, shorten } from '../output/printable.ts'
import type { Colours } from '../output/terminal.ts'

type Microstep = StepJson['microsteps'][number]
type Considered = Microstep['considered'][number]
type Verdict = NonNullable<Considered['guard']>

/** What a step's JSON gains: of one actor, or of all. */
export function reasonsOf(
  { cause, microsteps, sent, facts, changes }: StepJson,
  actorId: string | undefined,
): Pick<StepJson, 'cause' | 'microsteps' | 'sent' | 'facts' | 'changes'> {
  if (actorId === undefined) return { cause, microsteps, sent, facts, changes }
  return {
    cause,
    microsteps: microsteps.filter(({ actor }) => actor === actorId),
    sent: sent.filter(({ from, to }) => from === actorId || to === actorId),
    facts,
    changes: changes.filter(({ actor }) => actor === actorId),
  }
}

const marks: Readonly<Record<Considered['verdict'], string>> = {
  taken: '✓',
  'guard false': '✗',
  'guard threw': '!',
  'not reached': '·',
}
const indent = ' '.repeat(22)
const maxReads = 8
const readWidth = 60

/** Lines for the transitions that were considered, events sent, and changes of contexts. */
export function whyText(
  step: StepJson,
  { actorId, colours }: { readonly actorId: string | undefined; readonly colours: Colours },
): readonly string[] {
  const { microsteps, sent, changes } = reasonsOf(step, actorId)
  const lines = [
    ...microsteps.flatMap(({ actor, considered }) => {
      return considered.map((each) => consideredText(actor, each))
    }),
    ...sent.map(({ from, to, type, delayMs }) => {
      return `→ ${from} to ${to}: ${type}${delayMs === undefined ? '' : ` after ${delayMs} ms`}`
    }),
    ...changes.flatMap(({ actor, changes: members }) => {
      return members.map(({ path, before, after }) => {
        return `± ${actor} ${path.join('.')}: ${valueText(before)} → ${valueText(after)}`
      })
    }),
  ]
  return lines.map((line) => colours.dim(printable(`${indent}${line}`)))
}

function consideredText(actor: string, { verdict, on, state, targets, guard }: Considered): string {
  const target = targets.length === 0 ? '' : ` → ${targets.join(', ')}`
  const why = guard === undefined ? '' : `  [${guardText(guard)}]`
  return `${marks[verdict]} ${verdict}: ${actor}, ${on} in ${state}${target}${why}`
}

/** `hasTasks true: context.tasks.size 3` */
function guardText({ name, result, reads, parts = [] }: Verdict): string {
  const inner = parts.map(guardText).join('; ')
  const values = reads
    .slice(0, maxReads)
    .map(({ path, value }) => `${path} ${valueText(value)}`)
    .join(', ')
  const details = [inner, values].filter((text) => text !== '').join('; ')
  return `${name} ${String(result)}${details === '' ? '' : `: ${details}`}`
}

function valueText(value: unknown): string {
  return value === undefined ? '–' : shorten(JSON.stringify(value), readWidth)
}
