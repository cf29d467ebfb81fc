import { useEffect, useState } from 'preact/hooks'
import { useAnswer } from '../../state/answers.ts'
import { canControl } from '../../state/control.ts'
import type { Page } from '../../state/page.ts'
import { AddLibrary } from './add-library.tsx'
import { LibrariesPanel } from './libraries-panel.tsx'

/** A live server's numbers are asked for again after so many ms. */
const pollMs = 1000

/** Library sets of the moment, the hosts that have them, and what the jar server does now. */
export function LibrariesView({ page }: { readonly page: Page }) {
  const app = page.app.value
  const round = useRounds(app?.origin === 'live' && !app.isOver)
  const question = app && { app: app.id, params: { seq: page.seq.value }, round }
  const { value, error } = useAnswer(page.ask, 'libraries', question)
  if (value === undefined)
    return <p class="empty">{error === undefined ? 'Reading the libraries …' : error.message}</p>
  return (
    <>
      {canControl(page) && <AddLibrary page={page} />}
      <LibrariesPanel at={value} />
    </>
  )
}

function useRounds(isLive: boolean): number {
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!isLive) return
    const timer = setInterval(() => setRound((earlier) => earlier + 1), pollMs)
    return () => clearInterval(timer)
  }, [isLive])
  return round
}
