import { describe, expect, it } from 'vitest'
import { createLayout } from '../../../../src/inspector/page/state/layout.ts'

function store(text: string | null = null) {
  let kept = text
  return { getItem: () => kept, setItem: (_name: string, value: string) => void (kept = value) }
}

describe('createLayout', () => {
  it('is kept by the browser', () => {
    const kept = store()
    const layout = createLayout(kept)
    layout.actors.value = 300
    layout.theme.value = 'dark'
    layout.hasKeys.value = false
    const again = createLayout(kept)
    expect([again.actors.value, again.theme.value, again.hasKeys.value]).toEqual([
      300,
      'dark',
      false,
    ])
  })

  it.each([null, '', '{', 'null', '[]', '{"actors": "x", "entry": 1e9, "theme": "pink"}'])(
    'starts with its own sizes where %j is kept',
    (text) => {
      const { actors, entry, theme } = createLayout(store(text))
      expect([actors.value, entry.value, theme.value]).toEqual([288, 404, 'auto'])
    },
  )

  it('stands a browser that keeps nothing', () => {
    const refuse = () => {
      throw new Error('quota')
    }
    const layout = createLayout({ getItem: refuse, setItem: refuse })
    layout.log.value = 200
    expect(layout.log.value).toBe(200)
  })
})
