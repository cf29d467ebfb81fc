import { useSignal } from '@preact/signals'
import type { Landmark } from '../../protocol/questions.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Toggle } from '../parts/toggle.tsx'
import { goTo, jump, stepBy } from '../state/moves.ts'
import type { Page } from '../state/page.ts'
import { countText } from '../text/figures.ts'
import { speeds } from './player.ts'
import { Scrubber } from './scrubber.tsx'
import type { TimelineState } from './timeline-state.ts'

/** The controls of time, below everything that they move. */
export function Timeline({
  page,
  timeline,
}: {
  readonly page: Page
  readonly timeline: TimelineState
}) {
  const app = page.app.value
  const { player, by, isCompressed } = timeline
  const isPlaying = player.isPlaying.value
  const to = (kind: Landmark) => (
    <>
      <IconButton
        icon="previous"
        label={`Previous ${kind}`}
        onClick={() => void jump(page, kind, -1)}
      />
      <IconButton icon="next" label={`Next ${kind}`} onClick={() => void jump(page, kind, 1)} />
    </>
  )
  return (
    <footer class="timeline" aria-label="Timeline">
      <div class="controls">
        <div class="group" role="group" aria-label="Steps">
          <IconButton
            icon="first"
            label="First entry (Home)"
            onClick={() => page.go(app?.firstSeq ?? 0)}
          />
          <IconButton icon="previous" label="Previous entry (←)" onClick={() => stepBy(page, -1)} />
          <IconButton
            icon={isPlaying ? 'pause' : 'play'}
            label={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
            onClick={player.toggle}
          />
          <IconButton icon="next" label="Next entry (→)" onClick={() => stepBy(page, 1)} />
          <IconButton
            icon="last"
            label="Last entry (End)"
            onClick={() => page.go(app?.lastSeq ?? 0)}
          />
        </div>
        <label>
          <span class="unseen">Speed</span>
          <select
            class="field"
            value={player.speed}
            onChange={(event) => (player.speed.value = Number(event.currentTarget.value))}
          >
            {speeds.map((speed) => (
              <option key={speed} value={speed}>
                {countText(speed)}×
              </option>
            ))}
          </select>
        </label>
        <div class="group jumps" role="group" aria-label="Jumps">
          <span class="jump failure" title="Failures (f, F)">
            <Icon name="failure" />
          </span>
          {to('failure')}
          <span class="jump rejected" title="Rejected entries (r, R)">
            <Icon name="rejected" />
          </span>
          {to('rejection')}
          <span class="jump restart" title="Restarts (s, S)">
            <Icon name="restart" />
          </span>
          {to('restart')}
        </div>
        <Goal page={page} />
        <span class="grow" />
        <div class="group" role="group" aria-label="Scale">
          <Toggle isOn={by.value === 'seq'} onToggle={() => (by.value = 'seq')}>
            Entries
          </Toggle>
          <Toggle isOn={by.value === 'time'} onToggle={() => (by.value = 'time')}>
            Time
          </Toggle>
        </div>
        {by.value === 'time' && (
          <Toggle isOn={isCompressed.value} onToggle={(isOn) => (isCompressed.value = isOn)}>
            Hide idle time
          </Toggle>
        )}
        {app?.isOver === false && (
          <Toggle
            isOn={page.isFollowing.value}
            onToggle={(isOn) => (isOn ? page.follow() : page.go(page.seq.value))}
          >
            Follow live
          </Toggle>
        )}
      </div>
      <Scrubber page={page} timeline={timeline} />
    </footer>
  )
}

/** Where to go, by hand. */
function Goal({ page }: { readonly page: Page }) {
  const text = useSignal('')
  return (
    <form
      class="goal"
      onSubmit={(event) => {
        event.preventDefault()
        void goTo(page, text.value)
        text.value = ''
      }}
    >
      <input
        id="goal"
        class="field"
        aria-label="Go to a time or an entry"
        title="Go to a time or an entry (g)"
        placeholder="03:12 or #1200"
        maxLength={24}
        value={text}
        onInput={(event) => (text.value = event.currentTarget.value)}
      />
    </form>
  )
}
