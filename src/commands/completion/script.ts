import type { App } from '../../cli/app.ts'
import { addHelp } from '../../cli/help.ts'
import type { Group } from '../../cli/program.ts'

/** What completes in one shell: `completion bash` and its like print it, and nothing else. */
export interface Completion {
  readonly shell: 'bash' | 'zsh' | 'fish'
  /** How to install it, after "Prints…". */
  readonly installing: string
  readonly script: string
  readonly examples: readonly string[]
}

export function completionScript(
  group: Group,
  app: App,
  { shell, installing, script, examples }: Completion,
): void {
  const command = group
    .command(shell)
    .summary(`print the ${shell} completion script`)
    .description(`Prints a script with which ${shell} completes what you type. ${installing}`)
    .action(app.action(async () => ({ data: { shell, script }, text: () => script.trimEnd() })))
  addHelp(command, {
    json: { shell: 'the shell that it is for', script: 'the script' },
    examples,
  })
}
