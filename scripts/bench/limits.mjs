/** Figures beside their limits. */

/** `met`, `missed`, or undefined for a figure without a limit. */
export function outcomeOf(figure) {
  if (figure.limit === undefined) return undefined
  return isWithin(figure.limit, judgedOf(figure)) ? 'met' : 'missed'
}

/** Whether some of the rounds met the limit and others missed it: the median decides. */
export function isClose(figure) {
  if (figure.limit === undefined || figure.spread === undefined) return false
  const [least, most] = spreadOf(figure)
  return isWithin(figure.limit, least) !== isWithin(figure.limit, most)
}

/** The least and the most of the rounds: of the ratio, or of the value if that is judged; undefined for a single round. */
function spreadOf(figure) {
  return isOfValue(figure) ? figure.spread?.value : figure.spread?.ratio
}

/** How far a figure reaches its limit: 1 is the limit, more is better. With the same of its least and its most rounds. */
export function reachOf(figure) {
  const { atLeast, atMost } = figure.limit
  const reach = (value) => {
    if (atLeast !== undefined) return value / atLeast
    // Of a bound of 0 there is no part.
    if (atMost === 0) return value <= 0 ? 1 : 0
    return atMost / value
  }
  const ends = (spreadOf(figure) ?? []).map(reach).toSorted((one, other) => one - other)
  return { reach: reach(judgedOf(figure)), ends }
}

/** `≥ 1.3 ×`, or `≤ 1 kB` of a value. */
export function limitText(figure) {
  const { limit, unit } = figure
  if (limit === undefined) return ''
  const suffix = isOfValue(figure) ? ` ${unit}` : ' ×'
  const bounds = [
    limit.atLeast === undefined ? '' : `≥ ${limit.atLeast.toLocaleString('en')}${suffix}`,
    limit.atMost === undefined ? '' : `≤ ${limit.atMost.toLocaleString('en')}${suffix}`,
  ]
  return bounds.filter(Boolean).join(', ')
}

export function outcomeText(figure) {
  const text = { met: '✓', missed: '✗ missed' }[outcomeOf(figure)] ?? ''
  return isClose(figure) ? `${text} in the median` : text
}

/** The bounds as values in the unit of the figure. */
export function boundsOf(figure) {
  const { limit, peerValue } = figure
  if (limit === undefined) return []
  const factor = isOfValue(figure) ? 1 : peerValue
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

/** `1.2–1.4`, or nothing for a single round. */
export function spreadText(figure) {
  const spread = spreadOf(figure)
  return spread === undefined ? '' : spread.map(format).join('–')
}

function isWithin({ atLeast = -Infinity, atMost = Infinity }, value) {
  return value >= atLeast && value <= atMost
}

function judgedOf(figure) {
  return isOfValue(figure) ? figure.value : figure.ratio
}

function isOfValue({ limit, ratio }) {
  return limit?.of === 'value' || ratio === undefined
}
