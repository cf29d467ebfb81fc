import type { Figure } from '../../test/bench/support/measure.ts'

export function outcomeOf(figure: Partial<Figure>): 'met' | 'missed' | undefined
export function outcomeText(figure: Partial<Figure>): string
export function limitText(figure: Partial<Figure>): string
export function spreadText(figure: Partial<Figure>): string
export function reachOf(figure: Partial<Figure>): {
  readonly reach: number
  readonly ends: readonly number[]
}
