/** The control address of a run, for "jarcast ps", "logs", "kill" and "stop". */
import { defined } from '../../defined.ts'
import { messageOf } from '../../errors.ts'
import { offerControl } from '../../framework/control/offer-control.ts'
import type { FrameworkControl } from '../../framework/control/offer-control.ts'
import type { Framework } from '../../framework/framework.ts'
import type { FrameworkFlags } from '../flags/framework-flags.ts'
import type { RunReport } from '../report/run-report.ts'

interface ControlledRun {
  readonly flags: Pick<FrameworkFlags, 'control' | 'journal'>
  readonly report: Pick<RunReport, 'note'>
}

/** Undefined for a run without a journal that names no address. */
export function openControl(
  framework: Framework,
  { flags, report }: ControlledRun,
): FrameworkControl | undefined {
  const { control, journal } = flags
  if (control === undefined && journal === undefined) return undefined
  return offerControl(framework, {
    ...defined({ path: control }),
    onFailure: (error) => report.note(`${messageOf(error)}: the run continues without`),
  })
}
