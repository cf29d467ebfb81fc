import type { AppInfo } from '../../protocol/questions.ts'
import { nextTheme } from '../keys/key-table.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import type { Connection } from '../source/source.ts'
import type { Layout } from '../state/layout.ts'
import type { Page } from '../state/page.ts'
import { countText } from '../text/figures.ts'
import { clockText, dateText } from '../text/time.ts'
import { ExportButtons, ImportButton } from './exchange.tsx'

export function TopBar({ page, layout }: { readonly page: Page; readonly layout: Layout }) {
  const app = page.app.value
  return (
    <header class="top">
      <h1 class="unseen">Inspector</h1>
      <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
        <rect x="5" y="7" width="10" height="8" rx="2.5" />
        <rect x="17" y="17" width="10" height="8" rx="2.5" class="lit" />
        <path d="M15 11h4a3 3 0 0 1 3 3v3" />
      </svg>
      <AppChoice page={page} />
      {app !== undefined && <State page={page} app={app} />}
      {app?.lost !== undefined && <Lost count={app.lost} />}
      {app !== undefined && <Now page={page} app={app} />}
      <span class="grow" />
      {app !== undefined && app.notes.length > 0 && <Notes app={app} />}
      <ImportButton page={page} />
      {app !== undefined && <ExportButtons page={page} app={app} />}
      <IconButton
        icon="theme"
        label={`Colours: ${layout.theme.value}`}
        hint={`Colours: ${layout.theme.value} (t)`}
        onClick={() => nextTheme(layout)}
      />
      <IconButton
        icon="help"
        label="Keys"
        hint="Keys (?)"
        onClick={() => (layout.isHelpOpen.value = true)}
      />
    </header>
  )
}

function AppChoice({ page }: { readonly page: Page }) {
  const app = page.app.value
  const apps = page.apps.value
  if (apps.length < 2) return <strong class="app-name">{app?.name ?? 'Inspector'}</strong>
  return (
    <select
      class="field app-name"
      aria-label="App"
      value={app?.id ?? ''}
      onChange={(event) => {
        const { view } = page.address.value
        page.choose({ app: event.currentTarget.value, ...(view === undefined ? {} : { view }) })
      }}
    >
      {apps.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  )
}

function State({ page, app }: { readonly page: Page; readonly app: AppInfo }) {
  const isThere = page.moment.value.of?.params.seq === page.seq.value
  const [kind, text] = stateOf(page.connection.value, app, isThere)
  return (
    <span class={`badge ${kind}`} role="status">
      {text}
    </span>
  )
}

function Lost({ count }: { readonly count: number }) {
  const text = count === 1 ? '1 frame lost' : `${countText(count)} frames lost`
  return (
    <span class="badge bad" title="The program was faster than its reader">
      {text}
    </span>
  )
}

function stateOf(
  connection: Connection,
  app: AppInfo,
  isThere: boolean,
): readonly [kind: string, text: string] {
  const { origin, readSeq, replayedSeq, lastSeq, isOver, replayedPart } = app
  if (connection === 'waiting') return ['warn', 'connecting …']
  if (connection === 'locked') return ['bad', 'token needed']
  if (connection === 'outdated') return ['bad', 'load this page again']
  if (readSeq !== undefined && readSeq < lastSeq)
    return ['warn', `reading ${countText(readSeq)} of ${countText(lastSeq)}`]
  if (!isThere && replayedPart !== undefined)
    return ['warn', `replaying … ${Math.floor(replayedPart * 100)} %`]
  if (replayedSeq !== undefined && replayedSeq < lastSeq)
    return ['warn', `replaying ${countText(replayedSeq)} of ${countText(lastSeq)}`]
  if (isOver) return ['over', connection === 'saved' ? 'saved' : `${origin}, finished`]
  return ['live', origin === 'journal' ? 'journal, growing' : 'live']
}

function Now({ page, app }: { readonly page: Page; readonly app: AppInfo }) {
  const now = page.shown.value?.now
  return (
    <span class="now">
      <span class="number">
        #{countText(page.seq.value)}
        <span class="dim"> of {countText(app.lastSeq)}</span>
      </span>
      {now !== undefined && (
        <time dateTime={isoText(now)} title={isoText(now)}>
          <span class="number">{clockText(now)}</span> <span class="dim date">{dateText(now)}</span>
        </time>
      )}
    </span>
  )
}

function Notes({ app }: { readonly app: AppInfo }) {
  return (
    <details class="notes">
      <summary title="What to know about this run">
        <Icon name="note" /> {app.notes.length}{' '}
        <span class="word">{app.notes.length === 1 ? 'note' : 'notes'}</span>
      </summary>
      <ul>
        {app.notes.map((note, index) => (
          <li key={index}>{note}</li>
        ))}
      </ul>
    </details>
  )
}

function isoText(now: number): string {
  const date = new Date(now)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
