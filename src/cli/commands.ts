/** The commands, in the order and under the headings of the help. Only what runs is loaded. */
import type { Command } from 'commander'
import type { ApplyOptions } from './config/apply-settings.ts'
import { addConfigFlags } from './flags/config-flags.ts'

/** Adds a command to a program. `done` is called with its exit status. */
type AddCommand = (program: Command, done: (status: number) => void, settings: ApplyOptions) => void

export interface CommandEntry {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<AddCommand>
}

/** Headings of the help, each with its commands. */
export const commandGroups: Readonly<Record<string, readonly CommandEntry[]>> = {
  'Run tasks:': [
    {
      name: 'run',
      summary: 'run the tasks of a module',
      load: async () => (await import('./run/run-command.ts')).addRunCommand,
    },
    {
      name: 'exec',
      summary: 'run one task',
      load: async () => (await import('./exec/exec-command.ts')).addExecCommand,
    },
    {
      name: 'local',
      summary: 'run a Mesos cluster in one process, for any framework',
      load: async () => (await import('./local/local-command.ts')).addLocalCommand,
    },
  ],
  'Look and steer:': [
    {
      name: 'ps',
      summary: 'list the tasks of a run, or the frameworks of a master',
      load: async () => (await import('./steer/ps-command.ts')).addPsCommand,
    },
    {
      name: 'status',
      summary: 'show the state of a run',
      load: async () => (await import('./steer/status-command.ts')).addStatusCommand,
    },
    {
      name: 'logs',
      summary: 'print the output of a task',
      load: async () => (await import('./steer/logs-command.ts')).addLogsCommand,
    },
    {
      name: 'kill',
      summary: 'kill tasks of a run',
      load: async () => (await import('./steer/kill-command.ts')).addKillCommand,
    },
    {
      name: 'stop',
      summary: 'stop a run',
      load: async () => (await import('./steer/stop-command.ts')).addStopCommand,
    },
  ],
  'Libraries:': [
    {
      name: 'serve',
      summary: 'serve libraries without a framework',
      load: async () => (await import('./libraries/serve-command.ts')).addServeCommand,
    },
    {
      name: 'resolve',
      summary: 'resolve Maven and npm packages into a lock file',
      load: async () => (await import('./libraries/resolve-command.ts')).addResolveCommand,
    },
    {
      name: 'classpath',
      summary: 'find conflicts between jars',
      load: async () => (await import('./libraries/classpath-command.ts')).addClasspathCommand,
    },
    {
      name: 'prefetch',
      summary: 'put libraries on agents before there are tasks',
      load: async () => (await import('./prefetch/prefetch-command.ts')).addPrefetchCommand,
    },
    {
      name: 'libs',
      summary: 'list the library sets of a run and the hosts that have them',
      load: async () => (await import('./libraries/libs-command.ts')).addLibsCommand,
    },
  ],
  'Recorded runs:': [
    {
      name: 'replay',
      summary: 'show a recorded run, transition by transition',
      load: async () => (await import('./replay/replay-command.ts')).addReplayCommand,
    },
    {
      name: 'inspect',
      summary: 'open a recorded run in the browser',
      load: async () => (await import('./inspect/inspect-command.ts')).addInspectCommand,
    },
    {
      name: 'journal',
      summary: 'check, repair, compact or export a journal',
      load: async () => (await import('./journal/journal-command.ts')).addJournalCommand,
    },
  ],
  'This machine:': [
    {
      name: 'doctor',
      summary: 'check this machine and the cluster, and say what to do',
      load: async () => (await import('./doctor/doctor-command.ts')).addDoctorCommand,
    },
    {
      name: 'config',
      summary: 'show the settings of a command, and where each comes from',
      load: async () => (await import('./config/config-command.ts')).addConfigCommand,
    },
    {
      name: 'completion',
      summary: 'print a completion script for bash, zsh or fish',
      load: async () => (await import('./completion/completion-command.ts')).addCompletionCommand,
    },
  ],
}

/** Commands about jarcast itself: they have no settings. */
const withoutSettings = new Set(['config', 'completion'])

export function isCommandName(word: string): boolean {
  return Object.values(commandGroups).some((entries) => entries.some(({ name }) => name === word))
}

/**
 * Adds all commands. Those that `isWanted` selects are loaded; of the others, the help has name and
 * summary, and they cannot run.
 */
export async function addCommands(
  program: Command,
  isWanted: (name: string) => boolean,
  done: (status: number) => void,
  settings: ApplyOptions,
): Promise<void> {
  for (const [heading, entries] of Object.entries(commandGroups)) {
    program.commandsGroup(heading)
    for (const { name, summary, load } of entries) {
      if (!isWanted(name)) {
        program.command(name).summary(summary)
        continue
      }
      const add = await load()
      add(program, done, settings)
      const added = program.commands.find((command) => command.name() === name)
      if (added !== undefined && !withoutSettings.has(name)) leavesOf(added).forEach(addConfigFlags)
    }
  }
}

function leavesOf(command: Command): readonly Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)
}
