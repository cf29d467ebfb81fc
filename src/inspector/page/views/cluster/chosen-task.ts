import { signal } from '@preact/signals'

/** Id of the task that the reader has chosen: the sandbox shows its files. */
export const chosenTask = signal<string>()
