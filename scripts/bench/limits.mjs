/** Figures beside their limits. */

/** `met`, `missed`, or undefined for a figure without a limit. */
export function outcomeOf({ limit, value, ratio }) {
  if (limit === undefined) return undefined
  const {
    atLeast = -Infinity,
    atMost = Infinity,
    of = ratio === undefined ? 'value' : 'ratio',
  } = limit
  const measured = of === 'ratio' ? ratio : value
  return measured >= atLeast && measured <= atMost ? 'met' : 'missed'
}

/** `≥ 1.3 ×`, or `≤ 1 kB` of a value. */
export function limitText({ limit, ratio, unit }) {
  if (limit === undefined) return ''
  const isOfValue = limit.of === 'value' || (limit.of === undefined && ratio === undefined)
  const suffix = isOfValue ? ` ${unit}` : ' ×'
  const bounds = [
    limit.atLeast === undefined ? '' : `≥ ${limit.atLeast.toLocaleString('en')}${suffix}`,
    limit.atMost === undefined ? '' : `≤ ${limit.atMost.toLocaleString('en')}${suffix}`,
  ]
  return bounds.filter(Boolean).join(', ')
}

/** The bounds as values in the unit of the figure. */
export function boundsOf({ limit, ratio, peerValue }) {
  if (limit === undefined) return []
  const isOfValue = limit.of === 'value' || (limit.of === undefined && ratio === undefined)
  const factor = isOfValue ? 1 : peerValue
  return [limit.atLeast, limit.atMost]
    .filter((bound) => bound !== undefined && Number.isFinite(factor))
    .map((bound) => bound * factor)
}

/** Whether smaller values are better, as of times. */
export function isCost({ limit, unit }) {
  if (limit?.atMost !== undefined) return true
  if (limit?.atLeast !== undefined) return false
  return /^(µs|ms|s|MB|kB|KB|B|bytes)\b/.test(unit) && !unit.includes('/s')
}

export function format(value) {
  if (value === undefined || !Number.isFinite(value)) return ''
  return value.toLocaleString('en', { maximumSignificantDigits: 3 })
}
