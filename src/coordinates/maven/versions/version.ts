/**
 * The order of Maven versions, as dependency resolution sees it.
 * Source: maven-resolver 1.6, "GenericVersion"; Maven's POM reference, "Version Order
 * Specification".
 */

interface Token {
  readonly kind: (typeof kinds)[keyof typeof kinds]
  /** Number of an `integer` or `qualifier`, lower-case text of a `text`. */
  readonly value: number | bigint | string
}

// In ascending order of versions.
const kinds = { min: 0, qualifier: 2, text: 3, integer: 4, max: 8 } as const

const qualifiers: ReadonlyMap<string, number> = new Map([
  ['alpha', -5],
  ['beta', -4],
  ['milestone', -3],
  ['cr', -2],
  ['rc', -2],
  ['snapshot', -1],
  ['ga', 0],
  ['final', 0],
  ['release', 0],
  ['sp', 1],
])
const shortQualifiers: ReadonlyMap<string, number> = new Map([
  ['a', -5],
  ['b', -4],
  ['m', -3],
])

const parsed = new Map<string, readonly Token[]>()
const maxRemembered = 50_000

/**
 * Below 0 when `one` is older than `other`, above 0 when it is newer, 0 when they are equal, such
 * as `1` and `1.0.0`.
 */
export function compareVersions(one: string, other: string): number {
  const these = tokensOf(one)
  const those = tokensOf(other)
  let isNumber = true
  for (let index = 0; ; index += 1) {
    const token = these[index]
    const against = those[index]
    if (token === undefined && against === undefined) return 0
    if (token === undefined) return -comparePadding(those, index)
    if (against === undefined) return comparePadding(these, index)
    if (isNumeric(token) !== isNumeric(against)) {
      return isNumber === isNumeric(token)
        ? comparePadding(these, index, isNumber)
        : -comparePadding(those, index, isNumber)
    }
    const order = compareTokens(token, against)
    if (order !== 0) return order
    isNumber = isNumeric(token)
  }
}

/** True for a version in development, whose files change. */
export function isSnapshot(version: string): boolean {
  return version.endsWith('-SNAPSHOT') || version === 'SNAPSHOT'
}

function tokensOf(version: string): readonly Token[] {
  const known = parsed.get(version)
  if (known !== undefined) return known
  const tokens = withoutPadding(tokenize(version === '' ? '0' : version))
  if (parsed.size >= maxRemembered) parsed.clear()
  parsed.set(version, tokens)
  return tokens
}

/** Splits at `.`, `-`, `_`, and between digits and letters. */
function tokenize(version: string): Token[] {
  const tokens: Token[] = []
  for (const part of version.split(/[._-]/)) {
    if (part === '') tokens.push({ kind: kinds.integer, value: 0n })
    for (const [text, digits] of part.matchAll(/(\d+)|\D+/g)) {
      tokens.push(
        digits === undefined ? toWord(text) : { kind: kinds.integer, value: BigInt(text) },
      )
    }
  }
  // A separator at the end starts no token.
  if (/[._-]$/.test(version)) tokens.pop()
  return markEnds(tokens, version)
}

function toWord(text: string): Token {
  return { kind: kinds.text, value: text.toLowerCase() }
}

/**
 * Turns words into qualifiers by their position: `a` is alpha before a digit only, `min` and `max`
 * have a meaning at the end only.
 */
function markEnds(tokens: readonly Token[], version: string): Token[] {
  const lower = version.toLowerCase()
  let position = 0
  return tokens.map((token, index) => {
    if (token.kind !== kinds.text) return token
    const word = String(token.value)
    position = lower.indexOf(word, position) + word.length
    const isLast = index === tokens.length - 1
    if (isLast && word === 'min') return { kind: kinds.min, value: 0 }
    if (isLast && word === 'max') return { kind: kinds.max, value: 0 }
    const isBeforeDigit = /^\d/.test(lower.slice(position))
    const value = (isBeforeDigit ? shortQualifiers.get(word) : undefined) ?? qualifiers.get(word)
    return value === undefined ? token : { kind: kinds.qualifier, value }
  })
}

/** Drops meaningless tokens at the end of each run: `1.0.0` is `1`, `1.ga` is `1`. */
function withoutPadding(tokens: Token[]): readonly Token[] {
  let end = tokens.length - 1
  let isNumber: boolean | undefined
  for (let index = end; index > 0; index -= 1) {
    const token = tokens[index] as Token
    if (isNumeric(token) !== isNumber) {
      end = index
      isNumber = isNumeric(token)
    }
    const isRunEnd =
      index === tokens.length - 1 || isNumeric(tokens[index - 1] as Token) === isNumeric(token)
    if (end === index && isRunEnd && compareToNothing(token) === 0) {
      tokens.splice(index, 1)
      end -= 1
    }
  }
  return tokens
}

function comparePadding(tokens: readonly Token[], from: number, isNumber?: boolean): number {
  for (const token of tokens.slice(from)) {
    if (isNumber !== undefined && isNumber !== isNumeric(token)) return 0
    const order = compareToNothing(token)
    if (order !== 0) return order
  }
  return 0
}

function compareToNothing({ kind, value }: Token): number {
  if (kind === kinds.min) return -1
  if (kind === kinds.max || kind === kinds.text) return 1
  return Number(value)
}

function compareTokens(one: Token, other: Token): number {
  if (one.kind !== other.kind) return one.kind - other.kind
  if (one.value === other.value) return 0
  return one.value < other.value ? -1 : 1
}

function isNumeric({ kind }: Token): boolean {
  return kind !== kinds.qualifier && kind !== kinds.text
}
