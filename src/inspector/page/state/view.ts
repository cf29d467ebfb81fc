import type { ComponentType } from 'preact'
import type { AppInfo } from '../../protocol/questions.ts'
import type { Page } from './page.ts'

/** A tab in the middle of the page. */
export interface ViewEntry {
  /** In the address. */
  readonly id: string
  readonly title: string
  /** Key that opens it. */
  readonly key: string
  readonly isFor: (app: AppInfo) => boolean
  readonly View: ComponentType<{ readonly page: Page }>
}
