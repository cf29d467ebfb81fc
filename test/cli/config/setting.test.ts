import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { allSettingNames } from '../../../src/cli/config/setting.ts'

describe('allSettingNames', () => {
  it('has the options of all commands, but those that say where settings come from', () => {
    const program = new Command('jarcast').version('1')
    program.command('run').option('--wait-timeout <s>').option('--config <file>')
    program.command('journal').command('check').option('--json').option('--env-file <file>')
    expect([...allSettingNames(program)]).toEqual(['waitTimeout', 'json'])
  })
})
