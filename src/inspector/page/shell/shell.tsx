import type { Page } from '../state/page.ts'
import { views } from '../views/views.ts'

/** The whole page. */
export function Shell({ page }: { readonly page: Page }) {
  const app = page.app.value
  const open = views.filter(({ isFor }) => app !== undefined && isFor(app))
  const view = open.find(({ id }) => id === page.view.value) ?? open[0]
  return (
    <>
      <header class="top">
        <h1>{app?.name ?? 'Inspector'}</h1>
        <nav role="tablist" aria-label="Views">
          {open.map(({ id, title }) => (
            <button
              key={id}
              role="tab"
              aria-selected={id === view?.id}
              onClick={() => (page.view.value = id)}
            >
              {title}
            </button>
          ))}
        </nav>
      </header>
      <main>{view !== undefined && <view.View page={page} />}</main>
    </>
  )
}
