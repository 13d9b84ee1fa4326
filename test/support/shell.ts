import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Machine, Terminal } from './process.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type ShellName = (typeof SHELLS)[number]

const PROMPT = 'ready>'
const KILL_LINE = '\u0015'

/** How each is started without anybody's settings, and what it then reads: a prompt that is known by sight. */
const START: Readonly<Record<ShellName, (rc: string) => string>> = {
  bash: (rc) => `bash --noprofile --rcfile '${rc}' -i`,
  zsh: (rc) => `ZDOTDIR='${rc.replace(/\/[^/]*$/, '')}' zsh -i`,
  fish: (rc) => `fish --no-config -i -C "source '${rc}'"`,
}
const SETTINGS: Readonly<Record<ShellName, string>> = {
  bash: `PS1='${PROMPT} '; HISTFILE=`,
  zsh: `PS1='${PROMPT} '; HISTFILE=; autoload -Uz compinit && compinit -u`,
  fish: `function fish_prompt; echo -n '${PROMPT} '; end`,
}

/** What sources the completion; and from then on \`tokenctl\` is a function that only says how it was called. */
const SOURCING: Readonly<Record<ShellName, string>> = {
  bash: 'source <(tokenctl completion bash)',
  zsh: 'source <(tokenctl completion zsh)',
  fish: 'tokenctl completion fish | source',
}
const IN_POSIX = `calls=0; tokenctl() { calls=$((calls + 1)); printf '\\nrun %s:' $calls; printf '<%s>' "$@"; echo; }`
const SAYING: Readonly<Record<ShellName, string>> = {
  bash: IN_POSIX,
  zsh: IN_POSIX,
  fish: `set -g calls 0
function tokenctl
  set -g calls (math $calls + 1)
  printf '\\nrun %s:' $calls; printf '<%s>' $argv; echo
end`,
}

/** A real interactive shell in a real terminal, with the completion of tokenctl. */
export class Shell {
  readonly #name: ShellName
  readonly #terminal: Terminal
  #calls = 0
  #marks = 0

  /** @param sourcing what brings the completion @param settings what else it reads at its start */
  constructor(machine: Machine, name: ShellName, { sourcing = SOURCING[name], settings = '' } = {}) {
    if (spawnSync(name, ['-c', 'exit 7']).status !== 7) {
      throw new Error(`${name} is not installed, and completion in it cannot be tested: .ci/run installs it`)
    }
    this.#name = name
    const rc = join(machine.home, '.zshrc')
    writeFileSync(rc, `${SETTINGS[name]}\n${sourcing}\n${settings}\n${SAYING[name]}\n`)
    this.#terminal = new Terminal(machine, START[name](rc))
  }

  /** Types it with a TAB behind it, lets the line run as it has become, and gives what tokenctl was called with. */
  async run(typed: string): Promise<string> {
    await this.ready()
    this.#terminal.type(`${typed}\t\r`)
    const said = `run ${++this.#calls}:`
    await this.#terminal.sees(said)
    await this.ready()
    const line = this.#terminal.lines.find((line) => line.startsWith(said)) ?? ''
    return line.slice(said.length)
  }

  /** Types it with a TAB behind it, and gives up the line. @returns what could be seen from there on */
  async see(typed: string): Promise<string> {
    return this.list(typed, '')
  }

  /** Types it, asks for a list of what it could become, waits until all that is in it, and gives up the line. */
  async list(typed: string, ...wanted: readonly string[]): Promise<string> {
    await this.ready()
    const before = this.#terminal.lines.length - 1
    const seen = (lines: readonly string[]): string => lines.slice(before).join('\n')
    this.#terminal.type(`${typed}\t${this.#name === 'bash' && wanted.join('') !== '' ? '\t' : ''}`)
    await this.#terminal.shows(wanted.join(', '), (lines) =>
      wanted.every((each) => seen(lines).includes(each)),
    )
    const listed = seen(this.#terminal.lines)
    // When this is there, the TAB has been dealt with.
    const mark = `Q${++this.#marks}Q`
    this.#terminal.type(mark)
    await this.#terminal.sees(mark)
    const all = `${listed}\n${seen(this.#terminal.lines)}`
    this.#terminal.type(KILL_LINE)
    await this.ready()
    return all
  }

  /** Waits for the prompt of a new line. */
  private async ready(): Promise<void> {
    await this.#terminal.shows('an empty prompt', (lines) => lines.at(-1)?.trimEnd() === PROMPT)
  }

  /** Everything that has come to the terminal. */
  get stream(): string {
    return this.#terminal.stream
  }

  end(): void {
    this.#terminal.stop()
  }
}
