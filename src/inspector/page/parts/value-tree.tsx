import { useState } from 'preact/hooks'
import type { CompoundValue, PlainValue, Value } from '../../protocol/value.ts'
import { countText } from '../text/figures.ts'
import { Icon } from './icon.tsx'
import { useMembers, type LoadValue } from './use-members.ts'

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
        <span>
          {label} <ValueText value={value} />
        </span>
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
  readonly value: CompoundValue
  readonly path: readonly string[]
  readonly open: number
  readonly load?: LoadValue | undefined
}) {
  const { items, error, loadMore } = useMembers(value, path, load)
  const hidden = value.size - items.length
  return (
    <>
      {items.map(([key, member]) => (
        <ValueNode
          key={key}
          name={key}
          value={member}
          path={[...path, key]}
          open={open}
          load={load}
        />
      ))}
      {error !== undefined && <li class="dim">{error}</li>}
      {hidden > 0 && load === undefined && <li class="dim">{countText(hidden)} more</li>}
      {hidden > 0 && load !== undefined && items.length > 0 && (
        <li>
          <button type="button" class="link dim" onClick={loadMore}>
            {countText(hidden)} more …
          </button>
        </li>
      )}
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

function PlainText({ value }: { readonly value: PlainValue }) {
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
