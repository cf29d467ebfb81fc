import { useSignal } from '@preact/signals'
import type { Landmark } from '../../protocol/questions.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { goTo, jump, stepBy } from '../state/moves.ts'
import type { Page } from '../state/page.ts'
import { countText } from '../text/time.ts'
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
      <Control icon="previous" label={`Previous ${kind}`} run={() => void jump(page, kind, -1)} />
      <Control icon="next" label={`Next ${kind}`} run={() => void jump(page, kind, 1)} />
    </>
  )
  return (
    <footer class="timeline" aria-label="Timeline">
      <div class="controls">
        <div class="group" role="group" aria-label="Steps">
          <Control
            icon="first"
            label="First entry (Home)"
            run={() => page.go(app?.firstSeq ?? 0)}
          />
          <Control icon="previous" label="Previous entry (←)" run={() => stepBy(page, -1)} />
          <Control
            icon={isPlaying ? 'pause' : 'play'}
            label={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
            run={player.toggle}
          />
          <Control icon="next" label="Next entry (→)" run={() => stepBy(page, 1)} />
          <Control icon="last" label="Last entry (End)" run={() => page.go(app?.lastSeq ?? 0)} />
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
          <Choice label="Entries" isOn={by.value === 'seq'} run={() => (by.value = 'seq')} />
          <Choice label="Time" isOn={by.value === 'time'} run={() => (by.value = 'time')} />
        </div>
        {by.value === 'time' && (
          <Choice
            label="Hide idle time"
            isOn={isCompressed.value}
            run={() => (isCompressed.value = !isCompressed.value)}
          />
        )}
        {app?.isOver === false && (
          <Choice
            label="Follow live"
            isOn={page.isFollowing.value}
            run={() => (page.isFollowing.value ? page.go(page.seq.value) : page.follow())}
          />
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

function Control({
  icon,
  label,
  run,
}: {
  readonly icon: IconName
  readonly label: string
  readonly run: () => void
}) {
  return (
    <button type="button" class="quiet" title={label} aria-label={label} onClick={run}>
      <Icon name={icon} />
    </button>
  )
}

function Choice({
  label,
  isOn,
  run,
}: {
  readonly label: string
  readonly isOn: boolean
  readonly run: () => void
}) {
  return (
    <button type="button" class="toggle" aria-pressed={isOn} onClick={run}>
      {label}
    </button>
  )
}
