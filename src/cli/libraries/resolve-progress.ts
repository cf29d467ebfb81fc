/** The progress of `jarcast resolve`. */
import { barLine } from '../output/bar.ts'
import { openLiveLines } from '../output/live-lines.ts'
import { createPackageBars } from '../output/package-bars.ts'
import type { PackageBars } from '../output/package-bars.ts'
import { count, formatBytes, printable } from '../output/printable.ts'
import type { Terminal } from '../output/terminal.ts'

export interface ResolveProgress extends Omit<PackageBars, 'bars'> {
  print(text: string): void
  close(): void
}

/** Bars on a terminal; else a line per fetched package, and one after each 10 s without any. */
export function createResolveProgress(terminal: Terminal): ResolveProgress {
  if (!terminal.isInteractive) return createLines(terminal)
  const packages = createPackageBars()
  const live = openLiveLines(terminal, ({ columns }) =>
    packages.bars().map((bar) => barLine(bar, columns, terminal.colours)),
  )
  return {
    showResolving(progress) {
      packages.showResolving(progress)
      live.changed()
    },
    showFetching(progress) {
      packages.showFetching(progress)
      live.changed()
    },
    print: live.print,
    close: live.close,
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
