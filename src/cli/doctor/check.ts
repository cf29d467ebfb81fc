/** One check of `jarcast doctor`, and what came of it. */
export interface Finding {
  readonly check: string
  /** `skipped`: it needs something that is not there, such as a master. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly text: string
  /** What to do; absent if nothing is to be done. */
  readonly remedy?: string
}

export type Check = () => Finding | Promise<Finding>

/** Runs checks one after another; a check that throws has failed. */
export async function runChecks(
  checks: Readonly<Record<string, Check>>,
  show: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const [check, run] of Object.entries(checks)) {
    const finding = await Promise.resolve()
      .then(run)
      .catch((error: unknown): Finding => {
        return {
          check,
          state: 'failed',
          text: error instanceof Error ? error.message : String(error),
        }
      })
    findings.push(finding)
    show(finding)
  }
  return findings
}
