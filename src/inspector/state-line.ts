/** Deeper states than any machine has. */
const maxDepth = 40

/** A machine's state as one line: `active.running`, `{a: x, b: y.z}`; empty without states. */
export function stateLine(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth > maxDepth) return '…'
  const regions = Object.entries(value).map(([region, inner]) => {
    return [region, stateLine(inner, depth + 1)] as const
  })
  const [only] = regions
  if (only === undefined) return ''
  if (regions.length === 1) {
    const [region, inner] = only
    if (inner === '') return region
    return `${region}${inner.startsWith('{') ? ' ' : '.'}${inner}`
  }
  const lines = regions.map(([region, inner]) => (inner === '' ? region : `${region}: ${inner}`))
  return `{${lines.join(', ')}}`
}
