import type { Figure } from '../../test/bench/support/measure.ts'

export function outcomeOf(figure: Partial<Figure>): 'met' | 'missed' | undefined
export function limitText(figure: Partial<Figure>): string
