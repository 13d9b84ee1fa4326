import type { CommandUnknownOpts } from '@commander-js/extra-typings'

export interface Help {
  /** What `--json` prints: each field and what it means. They are only ever added to. */
  readonly json: Readonly<Record<string, string>>
  /** Two or three real command lines. */
  readonly examples: readonly string[]
}

/** What every command's `--help` ends with. */
export function addHelp(command: CommandUnknownOpts, { json, examples }: Help): void {
  const width = Math.max(...Object.keys(json).map((field) => field.length))
  const fields = Object.entries(json).map(([field, meaning]) => `  ${field.padEnd(width)}  ${meaning}`)
  const lines = [
    '',
    'JSON fields:',
    ...fields,
    '',
    'Examples:',
    ...examples.map((example) => `  $ ${example}`),
  ]
  command.addHelpText('after', lines.join('\n'))
}
