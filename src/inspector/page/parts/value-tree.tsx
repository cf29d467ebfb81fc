import { useEffect, useState } from 'preact/hooks'
import type { Value } from '../../protocol/value.ts'
import { Icon } from './icon.tsx'

/** Answers the value at a path, two levels deep. */
export type LoadValue = (path: readonly string[]) => Promise<Value>

interface NodeProps {
  readonly name?: string
  readonly value: Value
  readonly path: readonly string[]
  /** Levels that are open at first. */
  readonly open: number
  readonly load?: LoadValue | undefined
}

/** A value that opens and closes. What is not in it is loaded, where it can be. */
export function ValueTree({
  value,
  load,
  open = 1,
}: {
  readonly value: Value
  readonly load?: LoadValue | undefined
  /** Levels that are open at first; with 0, a value is one line. */
  readonly open?: number
}) {
  if (!('items' in value))
    return (
      <div class="value">
        <PlainText value={value} />
      </div>
    )
  return (
    <ul class="value">
      {open === 0 || value.size === 0 ? (
        <ValueNode value={value} path={[]} open={0} load={load} />
      ) : (
        <Members value={value} path={[]} open={open - 1} load={load} />
      )}
    </ul>
  )
}

function ValueNode({ name, value, path, open, load }: NodeProps) {
  const [isOpen, setOpen] = useState(open > 0)
  const label = name === undefined ? '' : <span class="member">{name}</span>
  if (!('items' in value) || value.size === 0)
    return (
      <li>
        {label} <ValueText value={value} />
      </li>
    )
  return (
    <li>
      <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name={isOpen ? 'open' : 'closed'} />
        {label} <ValueText value={value} />
      </button>
      {isOpen && (
        <ul>
          <Members value={value} path={path} open={open - 1} load={load} />
        </ul>
      )}
    </li>
  )
}

function Members({
  value,
  path,
  open,
  load,
}: {
  readonly value: Value
  readonly path: readonly string[]
  readonly open: number
  readonly load?: LoadValue | undefined
}) {
  const [loaded, setLoaded] = useState<Value>()
  const [error, setError] = useState<string>()
  // Cut off at this depth: its members are one question away.
  const isCut = 'items' in value && value.items.length === 0 && value.size > 0
  useEffect(() => {
    let isCurrent = true
    // Until the next comes, the one before is shown: a live run does not flicker.
    if (!isCut) setLoaded(undefined)
    const loadMembers = async () => {
      try {
        const next = await load?.(path)
        if (isCurrent) setLoaded(next)
      } catch (problem) {
        if (isCurrent) setError((problem as Error).message)
      }
    }
    if (isCut) void loadMembers()
    return () => {
      isCurrent = false
    }
  }, [value, load])
  const shown = loaded ?? value
  if (error !== undefined) return <li class="dim">{error}</li>
  if (!('items' in shown)) return <li class="dim">{isCut ? '…' : 'empty'}</li>
  const hidden = shown.size - shown.items.length
  return (
    <>
      {shown.items.map(([key, member]) => (
        <ValueNode
          key={key}
          name={key}
          value={member}
          path={[...path, key]}
          open={open}
          load={load}
        />
      ))}
      {hidden > 0 && <li class="dim">{isCut && load ? '…' : `${hidden} more`}</li>}
    </>
  )
}

/** A value in one line: `{ id, state, … }`, `"text"`. */
export function ValueText({ value }: { readonly value: Value }) {
  if (!('items' in value)) return <PlainText value={value} />
  const { kind, name, size, items } = value
  if (kind === 'object') {
    const names = items.slice(0, 4).map(([key]) => key)
    const more = size > names.length ? ', …' : ''
    return (
      <span class="dim">
        {name === undefined ? '' : `${name} `}
        {size === 0 ? '{}' : names.length === 0 ? `{…}` : `{ ${names.join(', ')}${more} }`}
      </span>
    )
  }
  const brackets = size === 0 ? '[]' : `[ ${size} ]`
  return <span class="dim">{kind === 'array' ? brackets : `${kind} ${brackets}`}</span>
}

function PlainText({ value }: { readonly value: Extract<Value, { text: string }> }) {
  const { kind, text, length } = value
  if (kind !== 'string') return <span class={`plain ${kind}`}>{text}</span>
  return (
    <span class="plain string">
      "{text}
      {length === undefined ? '"' : '…'}
      {length !== undefined && <span class="dim"> {length} characters</span>}
    </span>
  )
}
