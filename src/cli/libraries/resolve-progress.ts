/** The progress of `jarcast resolve`. */
import { closeBars, openBars, printAbove } from '../output/multi-bar.ts'
import { createPackageBars } from '../output/package-bars.ts'
import type { PackageBars } from '../output/package-bars.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import type { Terminal } from '../output/terminal.ts'

export interface ResolveProgress extends PackageBars {
  print(text: string): void
  close(): void
}

/** Bars on a terminal; else a line per fetched package, and one after each 10 s without any. */
export function createResolveProgress(terminal: Terminal): ResolveProgress {
  if (!terminal.isInteractive) return createLines(terminal)
  const bars = openBars(terminal)
  const packages = createPackageBars(bars)
  // Stopped requests may still report progress, which must not be drawn below the prompt.
  let isOpen = true
  return {
    showResolving(progress) {
      if (isOpen) packages.showResolving(progress)
    },
    showFetching(progress) {
      if (isOpen) packages.showFetching(progress)
    },
    print: (text) => printAbove(bars, terminal, text),
    close() {
      isOpen = false
      closeBars(bars)
    },
  }
}

const quietMs = 10_000

function createLines(terminal: Terminal): ResolveProgress {
  let [pomsRead, quietTimes, isSilent] = [0, 0, true]
  const timer = setInterval(() => {
    quietTimes += 1
    const poms = pomsRead === 0 ? '' : `, ${count(pomsRead, 'POM')} read`
    if (isSilent) terminal.print(`resolving packages: ${(quietTimes * quietMs) / 1000} s${poms}`)
    isSilent = true
  }, quietMs)
  timer.unref()

  function print(text: string): void {
    isSilent = false
    terminal.print(text)
  }

  return {
    showResolving: (progress) => (pomsRead = progress.pomsRead),
    showFetching({ package: id, fetchedBytes, sizeBytes }) {
      if (fetchedBytes === sizeBytes)
        print(`fetched ${printable(id)}, ${formatBytes(fetchedBytes)}`)
    },
    print,
    close: () => clearInterval(timer),
  }
}
