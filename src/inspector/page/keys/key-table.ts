/** Every key of the page: bound and listed from here. */
import type { Landmark } from '../../protocol/questions.ts'
import type { LogState } from '../log/log-state.ts'
import type { Layout } from '../state/layout.ts'
import { jump, landmarkNames, stepBy } from '../state/moves.ts'
import type { Page } from '../state/page.ts'
import type { ViewEntry } from '../state/view.ts'
import type { Player } from '../timeline/player.ts'

export interface KeyEntry {
  /** As `KeyboardEvent.key` has them. */
  readonly keys: readonly string[]
  readonly group: 'Time' | 'Jump' | 'Find' | 'Page'
  readonly text: string
  readonly run: () => void
}

export interface KeyTargets {
  readonly page: Page
  readonly layout: Layout
  readonly log: LogState
  readonly player: Player
  readonly views: readonly ViewEntry[]
  /** Gives the focus to the element with an id. */
  readonly focus: (id: string) => void
}

export function keyTable(targets: KeyTargets): readonly KeyEntry[] {
  return [...timeKeys(targets), ...jumpKeys(targets), ...findKeys(targets), ...pageKeys(targets)]
}

function timeKeys({ page, player }: KeyTargets): readonly KeyEntry[] {
  const key = (keys: readonly string[], text: string, run: () => void): KeyEntry => ({
    keys,
    group: 'Time',
    text,
    run,
  })
  return [
    key(['ArrowRight', 'j'], 'Next entry', () => stepBy(page, 1)),
    key(['ArrowLeft', 'k'], 'Previous entry', () => stepBy(page, -1)),
    key(['J'], '20 entries on', () => stepBy(page, 20)),
    key(['K'], '20 entries back', () => stepBy(page, -20)),
    key(['Home'], 'First entry', () => page.go(0)),
    key(['End'], 'Last entry', () => page.go(Number.MAX_SAFE_INTEGER)),
    key([' '], 'Play or pause', player.toggle),
    key(['+', '='], 'Play faster', () => player.change(1)),
    key(['-'], 'Play slower', () => player.change(-1)),
    key(['l'], 'Follow the newest entry', page.follow),
  ]
}

function jumpKeys({ page, focus }: KeyTargets): readonly KeyEntry[] {
  const pairs = [
    ['f', 'failure'],
    ['r', 'rejection'],
    ['s', 'restart'],
    ['c', 'change'],
  ] as const
  const to = (key: string, kind: Landmark, direction: 1 | -1): KeyEntry => ({
    keys: [key],
    group: 'Jump',
    text: `${direction === 1 ? 'Next' : 'Previous'} ${landmarkNames[kind]}`,
    run: () => void jump(page, kind, direction),
  })
  return [
    ...pairs.flatMap(([key, kind]) => [to(key, kind, 1), to(key.toUpperCase(), kind, -1)]),
    { keys: ['g'], group: 'Jump', text: 'Go to a time or an entry', run: () => focus('goal') },
  ]
}

function findKeys({ layout, log, focus }: KeyTargets): readonly KeyEntry[] {
  const show = (part: 'log' | 'actors', id: string) => () => {
    layout.part.value = part
    focus(id)
  }
  return [
    { keys: ['/'], group: 'Find', text: 'Filter events', run: show('log', 'log-search') },
    { keys: ['n'], group: 'Find', text: 'Next match', run: () => log.goToFound(1) },
    { keys: ['N'], group: 'Find', text: 'Previous match', run: () => log.goToFound(-1) },
    { keys: ['a'], group: 'Find', text: 'Filter actors', run: show('actors', 'actor-search') },
  ]
}

function pageKeys({ page, layout, views, focus }: KeyTargets): readonly KeyEntry[] {
  const panel = (key: string, id: string, text: string): KeyEntry => ({
    keys: [key],
    group: 'Page',
    text,
    run: () => {
      layout.part.value = 'entry'
      page.panel.value = id
      focus('entry-panel')
    },
  })
  return [
    ...views.map(({ id, title, key }): KeyEntry => ({
      keys: [key],
      group: 'Page',
      text: title,
      run: () => {
        layout.part.value = 'view'
        page.view.value = id
      },
    })),
    panel('w', 'why', 'Why'),
    panel('d', 'changes', 'Changes of state'),
    panel('x', 'context', 'Context of the actor'),
    panel('b', 'branch', 'Branch from here'),
    {
      keys: ['Escape'],
      group: 'Page',
      text: 'Back from a branch to the run',
      run: () => (page.branch.value = undefined),
    },
    { keys: ['t'], group: 'Page', text: 'Light or dark', run: () => nextTheme(layout) },
    {
      keys: ['?'],
      group: 'Page',
      text: 'These keys',
      run: () => (layout.isHelpOpen.value = !layout.isHelpOpen.value),
    },
  ]
}

export function nextTheme({ theme }: Layout): void {
  const order = { auto: 'light', light: 'dark', dark: 'auto' } as const
  theme.value = order[theme.value]
}

/** A key, as it is written on a keyboard. */
export function keyText(key: string): string {
  const words: Readonly<Record<string, string>> = {
    ArrowRight: '→',
    ArrowLeft: '←',
    ArrowUp: '↑',
    ArrowDown: '↓',
    PageUp: 'Page ↑',
    PageDown: 'Page ↓',
    ' ': 'Space',
    Escape: 'Esc',
  }
  return words[key] ?? key
}
