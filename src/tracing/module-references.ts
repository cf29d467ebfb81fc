/** What the text of a module refers to: imports, `require`, and files by `new URL`. */
import { parse } from 'acorn'
import type { Node } from 'acorn'
import { isRecord } from '../domain/json.ts'

/** A part of the text that names a module or file. */
export interface Reference {
  /** The specifier as it is written; undefined if it is computed. */
  readonly specifier: string | undefined
  /** Position of the specifier, or of the expression that computes it. */
  readonly start: number
  readonly end: number
  /** `file`: of `new URL('./x', import.meta.url)`. */
  readonly kind: 'module' | 'file'
}

type AnyNode = Pick<Node, 'type' | 'start' | 'end'> & Readonly<Record<string, unknown>>

/**
 * The references in a module or CommonJS script, in their order. Throws a `SyntaxError` of acorn
 * with `pos`.
 */
export function findReferences(text: string): readonly Reference[] {
  const references: Reference[] = []
  const constants = new Set<string>()
  walk(parseText(text), (node) => {
    if (isConstantText(node)) constants.add(String(nameOf(node['id'])))
    references.push(...referencesOf(node))
  })
  // `const path = './x.js'; import(path)` can be traced as it is.
  return references
    .filter(
      ({ specifier, start, end }) =>
        specifier !== undefined || !constants.has(text.slice(start, end)),
    )
    .toSorted((one, other) => one.start - other.start)
}

function parseText(text: string): AnyNode {
  const options = { ecmaVersion: 'latest', allowHashBang: true } as const
  try {
    return toAnyNode(parse(text, { ...options, sourceType: 'module' }))
  } catch (moduleFault) {
    try {
      const asScript = { sourceType: 'script', allowReturnOutsideFunction: true } as const
      return toAnyNode(parse(text, { ...options, ...asScript }))
    } catch {
      throw moduleFault
    }
  }
}

/** With the fields of all kinds of nodes, each to be checked. */
function toAnyNode(node: Node): AnyNode {
  return node as unknown as AnyNode
}

function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  const open: AnyNode[] = [node]
  // A stack: chains of thousands of operators would exhaust that of calls.
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    visit(next)
    for (const value of Object.values(next)) {
      const children: readonly unknown[] = Array.isArray(value) ? value : [value]
      for (const child of children)
        if (isRecord(child) && typeof child['type'] === 'string') open.push(child as AnyNode)
    }
  }
}

function referencesOf(node: AnyNode): readonly Reference[] {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return isRecord(node['source']) ? ofExpression(node['source'] as AnyNode, 'module') : []
    case 'CallExpression':
      return isRequire(node['callee']) ? ofFirst(node['arguments'], 'module') : []
    case 'NewExpression':
      return isOwnUrl(node) ? ofFirst(node['arguments'], 'file') : []
    default:
      return []
  }
}

function ofFirst(list: unknown, kind: Reference['kind']): readonly Reference[] {
  const [first] = Array.isArray(list) ? (list as readonly AnyNode[]) : []
  return first === undefined ? [] : ofExpression(first, kind)
}

function ofExpression(node: AnyNode, kind: Reference['kind']): readonly Reference[] {
  const { start, end } = node
  if (node.type === 'ConditionalExpression' || node.type === 'LogicalExpression') {
    const parts = [node['left'], node['consequent'], node['right'], node['alternate']]
    return parts.flatMap((part) => (isRecord(part) ? ofExpression(part as AnyNode, kind) : []))
  }
  const specifier = textOf(node)
  return kind === 'file' && specifier === undefined ? [] : [{ specifier, start, end, kind }]
}

/** The text of a literal, or of a template without expressions. */
function textOf(node: AnyNode): string | undefined {
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? node['value'] : undefined
  if (node.type !== 'TemplateLiteral') return undefined
  const [only, ...more] = node['quasis'] as readonly {
    readonly value: { readonly cooked: string }
  }[]
  return more.length === 0 ? only?.value.cooked : undefined
}

function isConstantText(node: AnyNode): boolean {
  return node.type === 'VariableDeclarator' && isRecord(node['init'])
    ? textOf(node['init'] as AnyNode) !== undefined
    : false
}

/** `require`, `require.resolve`, `import.meta.resolve`. */
function isRequire(callee: unknown): boolean {
  if (!isRecord(callee)) return false
  if (callee['type'] === 'Identifier') return callee['name'] === 'require'
  if (callee['type'] !== 'MemberExpression' || nameOf(callee['property']) !== 'resolve')
    return false
  return nameOf(callee['object']) === 'require' || isImportMeta(callee['object'])
}

/** `new URL(…, import.meta.url)`. */
function isOwnUrl(node: AnyNode): boolean {
  const [, base] = node['arguments'] as readonly unknown[]
  return (
    nameOf(node['callee']) === 'URL' &&
    isRecord(base) &&
    isImportMeta(base['object']) &&
    nameOf(base['property']) === 'url'
  )
}

function isImportMeta(node: unknown): boolean {
  return isRecord(node) && node['type'] === 'MetaProperty' && nameOf(node['property']) === 'meta'
}

function nameOf(node: unknown): unknown {
  return isRecord(node) && node['type'] === 'Identifier' ? node['name'] : undefined
}
