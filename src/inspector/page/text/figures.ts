/** Counts, sizes, shares and rates as text. Units are decimal, as on the command line. */

export interface Totals {
  readonly requests: number
  readonly bytesServed: number
}

/** Per second, as text; empty while it is not known. */
export interface Rates {
  readonly served: string
  readonly requests: string
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1,234`. */
export function countText(count: number): string {
  return new Intl.NumberFormat('en').format(count)
}

/** `1 task`, `1,234 tasks`. */
export function countOf(count: number, word: string): string {
  return `${countText(count)} ${word}${count === 1 ? '' : 's'}`
}

/** `13.7 MB`; no decimal from 100 on. */
export function bytes(count: number): string {
  let value = count
  let unit = 0
  for (; value >= 999.5 && unit < units.length - 1; unit += 1) value /= 1000
  const digits = unit === 0 || value >= 99.95 ? 0 : 1
  return `${value.toFixed(digits)} ${units[unit]}`
}

export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const share = (part / whole) * 100
  return share < 1 ? '< 1 %' : `${Math.round(share)} %`
}

/** The number of times a library was served completely. */
export function copiesOf({
  bytesServed = 0,
  sizeBytes,
}: {
  readonly bytesServed?: number
  readonly sizeBytes: number
}): number {
  return sizeBytes === 0 ? 0 : bytesServed / sizeBytes
}

export function copiesText(copies: number): string {
  if (copies === 0) return ''
  const text = copies < 99.95 ? copies.toFixed(1).replace('.0', '') : countText(Math.round(copies))
  return text === '1' ? '1 copy' : `${text} copies`
}

/**
 * Returns bytes and requests per second since the previous totals, as text; empty strings the first
 * time. Totals that shrank, as after a restart of the server, give no negative rate.
 */
export function createRates(): (totals: Totals, nowMs: number) => Rates {
  let previous: { readonly totals: Totals; readonly nowMs: number } | undefined
  return (totals, nowMs) => {
    const before = previous
    previous = { totals, nowMs }
    if (before === undefined || nowMs <= before.nowMs) return { served: '', requests: '' }
    const perSecond = (key: keyof Totals) =>
      Math.max(0, totals[key] - before.totals[key]) / ((nowMs - before.nowMs) / 1000)
    return {
      served: `${bytes(Math.round(perSecond('bytesServed')))}/s now`,
      requests: `${few(perSecond('requests'))}/s now`,
    }
  }
}

/** Shows a small rate with a decimal, not as 0. */
function few(value: number): string {
  return value < 9.95 ? String(Math.round(value * 10) / 10) : countText(Math.round(value))
}
