import { mkdtempSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/main.ts'
import { Problem } from '../../src/core/problem.ts'
import type { Output, System } from '../../src/system.ts'
import { realFiles } from '../../src/system/files.ts'

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** 2026-03-01, noon. */
const START = Date.UTC(2026, 2, 1, 12)

/**
 * A machine of its own to run command lines on: an empty home, a clock that stands still until it is set,
 * somebody at the terminal or nobody. The files and the store are real.
 */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'tokenctl-'))
  now = START
  environment: Record<string, string> = {}
  /** Somebody sits there: prompts are answered from `answers`, and output is for people. */
  terminal = false
  columns = 120
  answers: string[] = []
  /** What the prompts said. */
  asked: string[] = []
  stdin = ''
  person = { uid: process.geteuid?.() ?? 0, name: 'tester' as string | null }
  /** What stdout and stderr are, where that matters. */
  stdout: Partial<Output> = {}
  stderr: Partial<Output> = {}
  clipboard: System['clipboard'] & { text?: string } = noClipboard
  /** Replaces parts of the system for the next runs. */
  changes: Partial<System> = {}

  async run(...argv: string[]): Promise<Ended> {
    const written = { stdout: '', stderr: '' }
    const code = await main(argv, this.system(written))
    return { code, ...written }
  }

  /** Runs, and insists that it went well. @returns stdout without its last newline */
  async ok(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...argv)
    if (code !== 0) throw new Error(`tokenctl ${argv.join(' ')}: exit ${code}\n${stderr}`)
    return stdout.replace(/\n$/, '')
  }

  async json(...argv: string[]): Promise<unknown> {
    return JSON.parse(await this.ok(...argv, '--json'))
  }

  /** The exit code of `token verify`. */
  async verify(token: string): Promise<number> {
    this.stdin = `${token}\n`
    const { code } = await this.run('token', 'verify')
    return code
  }

  get storePath(): string {
    return join(this.folder, 'data', 'tokenctl.db')
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  system(written: { stdout: string; stderr: string }): System {
    const output = (name: 'stdout' | 'stderr'): Output => ({
      isTerminal: this.terminal,
      columns: this.columns,
      leadsSomewhere: true,
      isReadableByOthers: false,
      write: async (text) => {
        written[name] += text
      },
      ...this[name],
    })
    return {
      environment: this.environment,
      effectiveUid: process.geteuid?.() ?? 0,
      person: this.person,
      now: () => this.now,
      randomBytes: (count) => randomBytes(count),
      stdin: { isTerminal: this.terminal, read: async (limit) => this.stdin.slice(0, limit) },
      stdout: output('stdout'),
      stderr: output('stderr'),
      files: { ...realFiles, dataFolder: async () => join(this.folder, 'data') },
      prompts: {
        text: (message) => this.#answer(message),
        choose: (message, choices) => this.#answer(`${message} (${choices.join(', ')})`),
        confirm: async (message) => (await this.#answer(message)) === 'yes',
        secret: (message) => this.#answer(message),
      },
      clipboard: this.clipboard,
      holdSignals: () => () => {},
      ...this.changes,
    }
  }

  async #answer(question: string): Promise<string> {
    this.asked.push(question)
    const answer = this.answers.shift()
    if (answer === undefined) throw new Error(`nobody expected to be asked: ${question}`)
    if (answer === 'Ctrl-C') throw new Problem('interrupted', 'interrupted; nothing changed')
    return answer
  }
}

const noClipboard: System['clipboard'] = {
  isLikely: false,
  copy: async () => {
    throw new Error('there is no clipboard')
  },
}
