import type { Line } from './page.mjs'

export function merge(kept: readonly Line[], fresh: readonly Line[]): Line[]
export function toText(lines: readonly Line[]): string
