import type { CommandUnknownOpts } from '@commander-js/extra-typings'

export interface Help {
  /** What `--json` prints: each field and what it means. They are only ever added to. */
  readonly json: Readonly<Record<string, string>>
  /** Two or three real command lines. */
  readonly examples: readonly string[]
}

/** For who describes the commands otherwise than by `--help`. */
const HELPS = new WeakMap<CommandUnknownOpts, Help>()

export const helpOf = (command: CommandUnknownOpts): Help => HELPS.get(command) ?? { json: {}, examples: [] }

/** What every command's `--help` ends with, wrapped as commander wraps the rest. */
export function addHelp(command: CommandUnknownOpts, help: Help): void {
  const { json, examples } = help
  HELPS.set(command, help)
  command.addHelpText('after', () => {
    const helper = command.createHelp()
    helper.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? 80 })
    const width = Math.max(...Object.keys(json).map((field) => field.length))
    const fields = Object.entries(json).map(([field, meaning]) =>
      helper.formatItem(field, width, meaning, helper),
    )
    return ['', 'JSON fields:', ...fields, '', 'Examples:', ...examples.map((line) => `  $ ${line}`)].join(
      '\n',
    )
  })
}
