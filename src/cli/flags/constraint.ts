/** Constraints in the form of Marathon: `FIELD OPERATOR VALUE`. */
import { InvalidArgumentError } from 'commander'
import { findConstraintsFault } from '../../domain/tasks/task-constraints.ts'
import type { PlacementRule } from '../../domain/tasks/task-constraints.ts'

const usage =
  'It must be FIELD UNIQUE, FIELD MAX_PER N, FIELD GROUP_BY [N], FIELD IS VALUE, FIELD IN VALUE,VALUE, ' +
  'FIELD LIKE PATTERN or FIELD UNLIKE PATTERN; FIELD is hostname, @region, @zone or an attribute.'

/**
 * Parses `rack UNIQUE`, `rack MAX_PER 2`, `rack GROUP_BY 3`, `rack IS r1` (or CLUSTER),
 * `rack IN r1,r2`, `rack LIKE r.*` and `rack UNLIKE r9`; operators in any case.
 * Throws `InvalidArgumentError`, which commander reports as wrong usage.
 */
export function parseConstraint(text: string): PlacementRule {
  const [, field = '', word = '', value = ''] =
    /^\s*(\S+)\s+(\S+)(?:\s+(.*\S))?\s*$/s.exec(text) ?? []
  const rule = toRule(field, word.toUpperCase().replaceAll('-', '_'), value)
  if (rule === undefined) throw new InvalidArgumentError(usage)
  const fault = findConstraintsFault({ rules: [rule] })
  if (fault === undefined) return rule
  throw new InvalidArgumentError(`Its ${fault.replace(/^constraints\.rules\[0\]\.?/, '').trim()}.`)
}

function toRule(field: string, operator: string, value: string): PlacementRule | undefined {
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN
  switch (operator) {
    case 'UNIQUE':
      return value === '' ? { field, operator: 'unique' } : undefined
    case 'MAX_PER':
      return { field, operator: 'max-per', count }
    case 'GROUP_BY':
      return value === '' ? { field, operator: 'group-by' } : { field, operator: 'group-by', count }
    case 'IS':
    case 'CLUSTER':
      return value === '' ? undefined : { field, operator: 'is', value }
    case 'IN':
      return { field, operator: 'in', values: value.split(',').filter((one) => one !== '') }
    case 'LIKE':
      return { field, operator: 'like', value }
    case 'UNLIKE':
      return { field, operator: 'unlike', value }
    default:
      return undefined
  }
}
