/** Which chain performs an effect of the scheduler machine. */
import type { EffectOf } from '../../effects/effect-of.ts'
import { JarcastError } from '../../errors.ts'
import type { schedulerMachine } from '../../machines/scheduler/scheduler.ts'

/** What the scheduler machine asks for. */
export type SchedulerEffect = EffectOf<typeof schedulerMachine>

/** Effects of one kind are performed by one chain. */
export type EffectKind = 'subscribe' | 'call' | 'jarServer' | 'runtime' | 'release' | 'close'

const kinds: Readonly<Record<string, EffectKind | undefined>> = {
  'fx.subscribe': 'subscribe',
  'fx.call': 'call',
  'fx.startJarServer': 'jarServer',
  'fx.stopJarServer': 'jarServer',
  'fx.prepareRuntime': 'runtime',
  'fx.releaseSets': 'release',
  'fx.close': 'close',
} satisfies Record<SchedulerEffect['type'], EffectKind>

/** Throws `FRAMEWORK_FAILED` for an effect that no chain performs. */
export function kindOf(type: string): EffectKind {
  const kind = kinds[type]
  if (kind !== undefined) return kind
  throw new JarcastError('FRAMEWORK_FAILED', `nothing performs the effect ${type}`)
}
