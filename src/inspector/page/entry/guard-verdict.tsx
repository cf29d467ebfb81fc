import type { Verdict } from '../../protocol/step.ts'
import { ValueText, ValueTree } from '../parts/value-tree.tsx'

const words = { true: 'true', false: 'false', threw: 'threw', 'not asked': 'not asked' } as const

/** What a guard said, and the values that it read. */
export function GuardVerdict({ verdict }: { readonly verdict: Verdict }) {
  const { name, result, reads, params, parts } = verdict
  const word = words[String(result) as keyof typeof words]
  return (
    <div class="guard">
      <p>
        <span class="dim">guard</span> <code>{name}</code>{' '}
        <span class={`result ${word.replace(' ', '-')}`}>{word}</span>
      </p>
      {params !== undefined && (
        <p>
          <span class="dim">params</span> <ValueText value={params} />
        </p>
      )}
      {reads.length > 0 && (
        <dl class="reads">
          {reads.map(({ path, value }) => (
            <div key={path}>
              <dt>{path}</dt>
              <dd>
                <ValueTree value={value} open={0} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {parts?.map((part, index) => (
        <GuardVerdict key={index} verdict={part} />
      ))}
    </div>
  )
}
