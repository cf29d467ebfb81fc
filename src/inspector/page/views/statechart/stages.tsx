import { Icon } from '../../parts/icon.tsx'
import type { Page } from '../../state/page.ts'

/** Where the run has got to, stage by stage; each leads to its machine. */
export function Stages({ page, chosen }: { readonly page: Page; readonly chosen: string }) {
  const stages = page.shown.value?.stages ?? []
  if (stages.length === 0) return null
  return (
    <ol class="stages" aria-label="Stages of the run">
      {stages.map(({ title, actor, text, status }) => (
        <li key={title}>
          <button
            type="button"
            class={`stage ${status}`}
            aria-pressed={actor === chosen}
            title={`${title}: ${text}. Shows ${actor}`}
            onClick={() => (page.actor.value = actor)}
          >
            <span class="stage-title">
              {status === 'over' && <Icon name="yes" />}
              {status === 'failed' && <Icon name="failure" />}
              {title}
            </span>
            <span class="stage-text">{text}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}
