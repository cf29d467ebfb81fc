/** Steps of a program that match a filter. */
import type { App, Filter } from '../protocol/questions.ts'
import { textMatcher } from '../text-matcher.ts'
import { createPauses } from '../replay-app/run/pauses.ts'
import { isFailure, labelIn } from './frame-scene.ts'
import type { FrameScene } from './frame-scene.ts'
import type { FrameStep } from './frame-store.ts'

const maxFound = 200_000

export function frameFindQuestion(scene: FrameScene): App['find'] {
  const { store } = scene
  return async ({ filter }) => {
    const matches = matcherOf(scene, filter)
    const pause = createPauses()
    const seqs: number[] = []
    for (let { firstSeq: seq } = store; seq <= store.lastSeq; seq += 1) {
      const step = store.step(seq)
      if (step !== undefined && matches(step)) seqs.push(seq)
      if (seqs.length > maxFound) return { seqs: seqs.slice(0, maxFound), isCut: true }
      await pause()
    }
    return { seqs, isCut: false }
  }
}

function matcherOf(scene: FrameScene, filter: Filter): (step: FrameStep) => boolean {
  const { text = '', isRegex = false, actor, type, failedOnly = false } = filter
  const hasText = text === '' ? undefined : textMatcher(text, isRegex)
  return (step) => {
    const { event, actor: session } = step
    if (failedOnly && !isFailure(step)) return false
    if (type !== undefined && event.type !== type) return false
    if (actor !== undefined && labelIn(scene, session) !== actor) return false
    if (hasText === undefined) return true
    return hasText(`${event.type} ${labelIn(scene, session)}`) || hasText(textOf(event))
  }
}

/** Too deep a payload cannot be searched. */
function textOf(event: FrameStep['event']): string {
  try {
    return JSON.stringify(event)
  } catch {
    return ''
  }
}
