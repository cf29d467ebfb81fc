import type { ComponentChildren } from 'preact'
import { roundedPath, titlePlace } from '../../../chart/chart-svg.ts'
import type { Chart, ChartBox, ChartEdge, ChartLine } from '../../../protocol/chart.ts'
import { classOf, type Lit } from './lit.ts'

interface DrawingProps {
  readonly chart: Chart
  readonly lit: Lit
  /** Closes or opens a state. */
  readonly onToggle: (stateId: string) => void
}

/** The shapes and texts of a chart. */
export function Drawing({ chart: { boxes, edges }, lit, onToggle }: DrawingProps) {
  return (
    <>
      {boxes.map((box) => (
        <Box key={box.id} box={box} isLit={lit.states.has(box.id)} />
      ))}
      {edges.map((edge) => (
        <Edge key={edge.id} edge={edge} lit={lit} />
      ))}
      {boxes.map((box) => (
        <Texts key={box.id} box={box} edges={edges} lit={lit} onToggle={onToggle} />
      ))}
      {edges.map((edge) => (
        <Label key={edge.id} edge={edge} lit={lit} />
      ))}
    </>
  )
}

function Box({ box, isLit }: { readonly box: ChartBox; readonly isLit: boolean }) {
  const { shape, x, y, width, height } = box
  if (shape === 'start')
    return <circle class="dot" cx={x + width / 2} cy={y + height / 2} r={width / 2} />
  const level = box.depth % 2 === 0 ? 'even' : 'odd'
  return (
    <g class={`box ${shape} ${level} ${isLit ? 'lit' : ''}`}>
      <rect x={x} y={y} width={width} height={height} rx={shape === 'any' ? height / 2 : 9}>
        {box.description !== undefined && <title>{box.description}</title>}
      </rect>
      {shape === 'final' && (
        <rect class="ring" x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={6} />
      )}
      {box.lines.length > 0 && (
        <line class="rule" x1={x} x2={x + width} y1={y + box.ruleAt} y2={y + box.ruleAt} />
      )}
    </g>
  )
}

function Edge({ edge, lit }: { readonly edge: ChartEdge; readonly lit: Lit }) {
  const { kind, points, transitions } = edge
  const state = classOf(lit, transitions)
  const marker = state.startsWith('taken') ? 'url(#arrow-taken)' : 'url(#arrow)'
  return <path class={`edge ${kind} ${state}`} d={roundedPath(points)} marker-end={marker} />
}

interface TextsProps extends Pick<DrawingProps, 'lit' | 'onToggle'> {
  readonly box: ChartBox
  readonly edges: readonly ChartEdge[]
}

/** Above the edges, with a halo: an edge into an inner state may cross the outer one's title. */
function Texts({ box, edges, lit, onToggle }: TextsProps) {
  const { shape, x, y, width, title = '', descriptionLines, lines } = box
  if (shape === 'start') return null
  if (shape === 'any')
    return (
      <text class="pill" x={x + width / 2} y={y + 15} text-anchor="middle">
        {title}
      </text>
    )
  const [titleX, anchor] = titlePlace(box, edges)
  const isLit = lit.states.has(box.id)
  return (
    <g class={`texts ${box.depth % 2 === 0 ? 'even' : 'odd'} ${isLit ? 'lit' : ''}`}>
      <Title box={box} onToggle={onToggle}>
        <text class="name" x={titleX} y={y + 19} text-anchor={anchor}>
          {title}
          {box.isCollapsed === true ? ' …' : ''}
        </text>
      </Title>
      {descriptionLines.map((line, row) => (
        <text class="hint" x={titleX} y={y + 33 + row * 15} text-anchor={anchor}>
          {line}
        </text>
      ))}
      {lines.map((line) => (
        <Line line={line} lit={lit} />
      ))}
    </g>
  )
}

/** The name of a state; of one with states inside, a button that closes and opens it. */
function Title(props: Pick<TextsProps, 'box' | 'onToggle'> & { children: ComponentChildren }) {
  const { box, onToggle, children } = props
  // The outermost state stays open.
  if (box.shape !== 'compound' || box.parent === undefined) return <>{children}</>
  const toggle = () => onToggle(box.id)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    event.stopPropagation()
    toggle()
  }
  return (
    <g
      class="toggle"
      role="button"
      // In SVG, names of attributes are case-sensitive.
      tabindex={0}
      aria-expanded={box.isCollapsed !== true}
      aria-label={`State ${box.title ?? ''}`}
      onClick={toggle}
      onKeyDown={onKeyDown}
    >
      {children}
    </g>
  )
}

function Line({ line, lit }: { readonly line: ChartLine; readonly lit: Lit }) {
  return (
    <text class={`line ${classOf(lit, line.transitions)}`} x={line.x} y={line.y + 11}>
      {line.hint !== undefined && <title>{line.hint}</title>}
      {line.spans.map(({ role, text, x }) => (
        <tspan class={role} x={x}>
          {text}
        </tspan>
      ))}
    </text>
  )
}

function Label({
  edge: { label, transitions },
  lit,
}: {
  readonly edge: ChartEdge
  readonly lit: Lit
}) {
  if (label === undefined) return null
  const { x, y, width, height, lines } = label
  return (
    <g class={`label ${classOf(lit, transitions)}`}>
      <rect x={x} y={y} width={width} height={height} rx={4} />
      {lines.map((line) => (
        <Line line={line} lit={lit} />
      ))}
    </g>
  )
}
