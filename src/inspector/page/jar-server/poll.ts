/** Asks again and again, slower while nothing answers. */
export interface PollOptions<T> {
  readonly ask: () => Promise<T>
  readonly onAnswer: (answer: T) => void
  /** Called from the second failure in a row on. */
  readonly onSilence: () => void
  /** Resolves when the page is looked at. */
  readonly shown: () => Promise<void>
  readonly wait: (ms: number) => Promise<void>
}

const pollMs = 1000
const maxWaitMs = 10_000

export async function poll<T>(options: PollOptions<T>): Promise<never> {
  const { ask, onAnswer, onSilence, shown, wait } = options
  for (let failures = 0; ;) {
    try {
      onAnswer(await ask())
      failures = 0
    } catch {
      failures += 1
      if (failures > 1) onSilence()
    }
    // A hidden page asks for nothing; it goes on when it is looked at again.
    await shown()
    await wait(Math.min(maxWaitMs, pollMs * 2 ** Math.min(failures, 4)))
  }
}
