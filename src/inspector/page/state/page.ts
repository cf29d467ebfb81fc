import { batch, computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import { defined } from '../../../defined.ts'
import type { AppInfo, Filter, Moment, QuestionName, Questions } from '../../protocol/questions.ts'
import type { Step } from '../../protocol/step.ts'
import type { Ask, Connection, Source } from '../source/source.ts'
import { formatAddress, type Address } from './address.ts'
import { followAnswer, type Answer } from './answers.ts'

/** What the page shows. Views read its signals and call its functions. */
export interface Page {
  readonly connection: ReadonlySignal<Connection>
  readonly apps: ReadonlySignal<readonly AppInfo[]>
  /** The chosen app. */
  readonly app: ReadonlySignal<AppInfo | undefined>
  /** The chosen moment: the state after this entry. */
  readonly seq: ReadonlySignal<number>
  /** True while `seq` is the newest entry, and stays so. */
  readonly isFollowing: ReadonlySignal<boolean>
  readonly moment: ReadonlySignal<Answer<'moment'>>
  readonly step: ReadonlySignal<Answer<'step'>>
  readonly actor: Signal<string | undefined>
  readonly view: Signal<string | undefined>
  /** Tab of the panel about the entry: `why`, `context`. */
  readonly panel: Signal<string | undefined>
  /** An event sent to a copy. While it is there, the page shows the copy's state. */
  readonly branch: Signal<Branch | undefined>
  /** The form of an event to send to a copy. */
  readonly draft: Signal<Draft>
  /** Of the event log: views name what they show. */
  readonly filter: Signal<Filter>
  /** Key of a transition that the reader points at: the statechart shows it. */
  readonly pointed: Signal<string | undefined>
  /** What is being shown: the moment of the branch, or the chosen one. */
  readonly shown: ReadonlySignal<Moment | undefined>
  readonly shownStep: ReadonlySignal<Step | undefined>
  /** A message to the reader: a jump that found nothing, a question that was refused. */
  readonly notice: Signal<string | undefined>
  readonly address: ReadonlySignal<Address>
  readonly ask: Ask
  /** Asks about the chosen app. */
  readonly askApp: <Name extends QuestionName>(
    name: Name,
    params: Questions[Name]['params'],
  ) => Promise<Questions[Name]['answer']>
  /** Shows the moment after an entry; the nearest one, if it does not exist. */
  readonly go: (seq: number) => void
  readonly follow: () => void
  /** For links: the same page at another entry. */
  readonly linkTo: (seq: number) => string
  readonly choose: (address: Address) => void
}

export interface Draft {
  readonly type: string
  /** JSON of an object. */
  readonly payload: string
}

export interface Branch {
  readonly app: string
  readonly seq: number
  readonly event: { readonly type: string; readonly [key: string]: unknown }
  readonly step: Step
  readonly moment: Moment
}

export function createPage(source: Source, start: Address): Page {
  const connection = signal<Connection>('waiting')
  const apps = signal<readonly AppInfo[]>([])
  const appId = signal(start.app)
  const entry = signal(start.entry)
  const actor = signal(start.actor)
  const view = signal(start.view)
  const panel = signal(start.panel)
  const branch = signal<Branch>()
  const filter = signal<Filter>(start.filter ?? {})

  const app = computed(() => apps.value.find(({ id }) => id === appId.value) ?? apps.value[0])
  const seq = computed(() => clamp(entry.value, app.value))
  const isFollowing = computed(() => entry.value === undefined)
  const question = computed(() => {
    const id = app.value?.id
    return id === undefined ? undefined : { app: id, params: { seq: seq.value } }
  })
  const moment = followAnswer(source.ask, 'moment', question).answer
  const step = followAnswer(source.ask, 'step', question).answer
  const shown = computed(() => branch.value?.moment ?? moment.value.value)
  const shownStep = computed(() => branch.value?.step ?? step.value.value)
  const address = computed(() =>
    defined({
      app: app.value?.id ?? appId.value,
      entry: entry.value,
      view: view.value,
      actor: actor.value,
      panel: panel.value,
      filter: filter.value,
    }),
  )

  source.onConnection((next) => (connection.value = next))
  source.onApps((next) => (apps.value = next))
  // A branch belongs to the moment that it left.
  effect(() => {
    const { value } = branch
    if (value !== undefined && (value.seq !== seq.value || value.app !== app.value?.id))
      branch.value = undefined
  })

  return {
    connection,
    apps,
    app,
    seq,
    isFollowing,
    moment,
    step,
    actor,
    view,
    panel,
    branch,
    shown,
    shownStep,
    draft: signal({ type: '', payload: '{}' }),
    filter,
    pointed: signal<string>(),
    notice: signal<string>(),
    address,
    ask: source.ask,
    askApp: (name, params) => source.ask(app.peek()?.id ?? '', name, params),
    go: (next) => (entry.value = clamp(next, app.peek())),
    follow: () => (entry.value = undefined),
    linkTo: (next) => formatAddress({ ...address.value, entry: next }),
    choose: (next) => {
      batch(() => {
        appId.value = next.app
        entry.value = next.entry
        view.value = next.view
        actor.value = next.actor
        panel.value = next.panel
        filter.value = next.filter ?? {}
      })
    },
  }
}

function clamp(seq: number | undefined, app: AppInfo | undefined): number {
  if (app === undefined) return seq ?? 0
  return Math.max(app.firstSeq, Math.min(seq ?? app.lastSeq, app.lastSeq))
}
