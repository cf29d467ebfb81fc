/** A machine as a drawing: boxes and lines with their places, in pixels from the top left. */

export interface Chart {
  readonly id: string
  readonly name: string
  readonly description?: string
  readonly width: number
  readonly height: number
  /** Outer boxes before those inside them. */
  readonly boxes: readonly ChartBox[]
  readonly edges: readonly ChartEdge[]
  /** Why it is not drawn: it is too large. No boxes then. */
  readonly tooLarge?: string
}

export interface ChartBox {
  /** Id of the state; of a dot or pill, an id of its own. */
  readonly id: string
  readonly parent?: string
  readonly depth: number
  readonly shape: 'state' | 'compound' | 'final' | 'start' | 'any' | 'history'
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly title?: string
  readonly description?: string
  /** The description, broken into lines below the title. */
  readonly descriptionLines: readonly string[]
  /** Height of the rule below title and description, from the top of the box. */
  readonly ruleAt: number
  readonly lines: readonly ChartLine[]
  readonly isCollapsed?: boolean
  readonly isParallel?: boolean
}

/** A line of text in a box or on an edge. */
export interface ChartLine {
  readonly x: number
  readonly y: number
  readonly spans: readonly ChartSpan[]
  /** Keys of the transitions that it stands for: `stateId#event#index`. */
  readonly transitions?: readonly string[]
  /** Shown on hover. */
  readonly hint?: string
}

export interface ChartSpan {
  readonly text: string
  /** Where it begins; default: where the span before it ends. */
  readonly x?: number
  readonly role: 'event' | 'guard' | 'action' | 'effect' | 'timer' | 'dim'
}

export interface ChartEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly kind: 'start' | 'event' | 'always' | 'after' | 'done' | 'error' | 'snapshot'
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label?: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
    readonly lines: readonly ChartLine[]
  }
  /** Keys of its transitions: `stateId#event#index`. */
  readonly transitions: readonly string[]
}
