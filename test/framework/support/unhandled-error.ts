import { config } from 'rxjs'

/** The next error that RxJS reports to the process, because no subscriber handles it. */
export function nextUnhandledError(): Promise<unknown> {
  return new Promise((resolve) => {
    config.onUnhandledError = (error: unknown) => {
      config.onUnhandledError = null
      resolve(error)
    }
  })
}
