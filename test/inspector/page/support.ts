import type { AppInfo } from '../../../src/inspector/protocol/questions.ts'

export function appInfo(change: Partial<AppInfo> = {}): AppInfo {
  return {
    id: 'app',
    name: 'App',
    origin: 'journal',
    startedAt: 0,
    firstSeq: 0,
    lastSeq: 100,
    now: 1_000,
    isOver: true,
    features: [],
    notes: [],
    ...change,
  }
}

/** Lets everything run that waits for promises. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}
