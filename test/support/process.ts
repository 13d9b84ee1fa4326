import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { type IPty as Pty, spawn as spawnInTerminal } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import type { Ended } from './world.ts'

/** The built program, as it is installed. */
const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'tokenctl.js')

/** For whatever has to happen some time: far beyond what a slow machine needs, as only a failure waits so long. */
const PATIENCE = Number(process.env.PATIENCE_MS ?? 3 * 60_000)

export const TOKEN = /^[a-z0-9]+_[0-9A-Za-z]{61}$/

/** What a shell does before the last word of its command line: gives that line a pipe, as &4, that nobody reads any more. */
export const UNREAD = 'mkfifo unread && exec 3<>unread 4>unread 3<&- && rm unread; '

/** Waits for what happens some time. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + PATIENCE
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came: ${String(condition)}`)
    await setTimeout(5)
  }
}

/** Also of one that nobody has asked yet how it ended. */
export function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.startsWith('Z') ?? true
  } catch {
    return true
  }
}

/** A machine of its own for real processes: an empty home, an empty environment, and `tokenctl` on the path. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'tokenctl-'))
  readonly home = join(this.folder, 'home')
  /** Programs of its own; they come first. */
  readonly programs = join(this.folder, 'bin')
  /** Where command lines run. */
  readonly place = join(this.folder, 'place')
  environment: Record<string, string> = {}
  readonly #around: readonly string[]

  /** @param around a command that runs another one */
  constructor(around: readonly string[] = []) {
    this.#around = around
    for (const folder of [this.home, this.programs, this.place]) mkdirSync(folder)
    symlinkSync(PROGRAM, join(this.programs, 'tokenctl'))
  }

  get storePath(): string {
    return join(this.home, '.local', 'share', 'tokenctl', 'tokenctl.db')
  }

  get allEnvironment(): Record<string, string> {
    const path = [
      this.programs,
      dirname(process.execPath),
      '/usr/local/bin',
      '/usr/bin',
      '/bin',
      '/usr/sbin',
      '/sbin',
    ]
    return { HOME: this.home, PATH: path.join(':'), LC_ALL: 'C', ...this.environment }
  }

  /** A line as somebody would type it, or a few. Nobody is at the terminal. */
  sh(script: string, input = ''): Ended {
    const [command, ...rest] = [...this.#around, 'sh', '-c', script]
    const { status, signal, stdout, stderr, error } = spawnSync(command, rest, {
      cwd: this.place,
      env: this.allEnvironment,
      input,
      encoding: 'utf8',
      timeout: PATIENCE,
    })
    if (error !== undefined) throw error
    if (status === null) throw new Error(`${script}: ended by ${signal ?? 'nothing'}`)
    return { code: status, stdout, stderr }
  }

  /** Runs, and insists that it went well. @returns stdout without its last newline */
  ok(script: string, input?: string): string {
    const { code, stdout, stderr } = this.sh(script, input)
    if (code !== 0) throw new Error(`${script}: exit ${code}\n${stderr}`)
    return stdout.replace(/\n$/, '')
  }

  /** The exit code of a real `token verify`. */
  verify(token: string): number {
    return this.sh('tokenctl token verify', `${token}\n`).code
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A machine whose command lines may mount a disk, each its own. */
export function machineWithDisks(): Machine {
  const ways = [
    ['unshare', '-m'],
    ['unshare', '-Urm'],
  ]
  const way = ways.find(([command = '', ...rest]) => {
    const { status } = spawnSync(command, [...rest, 'sh', '-c', 'mount -t tmpfs -o size=16k none /mnt'])
    return status === 0
  })
  if (way === undefined) {
    throw new Error(
      'what happens on a full disk cannot be tested: neither root nor a user namespace may mount one here',
    )
  }
  return new Machine(way)
}

/** A real pseudo-terminal with a command line in it, and what a person would see there. */
export class Terminal {
  /** Every byte, escape sequences included. */
  stream = ''
  readonly #pty: Pty
  readonly #screen: InstanceType<typeof xterm.Terminal>
  readonly #watchers = new Set<() => void>()
  #isStopped = false

  constructor(machine: Machine, line: string, columns = 160, rows = 40) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
    // What a terminal still holds when its last process ends can be lost: so one stays.
    const script = `stty -g; ${line}
      echo "[exit $?]"; stty -g; echo '[end]'; exec sleep 600`
    this.#pty = spawnInTerminal('sh', ['-c', script], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      cwd: machine.place,
      env: machine.allEnvironment,
    })
    this.#pty.onData((data) => {
      this.stream += data
      this.#screen.write(data, () => this.#watchers.forEach((look) => look()))
    })
  }

  /** Lines, without those at the end that are empty; what the terminal itself wrapped is one line. */
  get lines(): string[] {
    const lines: string[] = []
    const { active } = this.#screen.buffer
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row)
      const text = line?.translateToString(true) ?? ''
      if (line?.isWrapped === true) lines.push((lines.pop() ?? '') + text)
      else lines.push(text)
    }
    while (lines.at(-1) === '') lines.pop()
    return lines
  }

  /** What stands in each cell of each line; where a wide character goes on there is nothing. */
  get cells(): string[][] {
    const { active } = this.#screen.buffer
    return Array.from({ length: active.length }, (_, row) =>
      Array.from({ length: this.#screen.cols }, (_, column) => {
        const cell = active.getLine(row)?.getCell(column)
        const isBlank = cell === undefined || (cell.getWidth() > 0 && cell.getChars() === '')
        return isBlank ? ' ' : cell.getChars()
      }),
    )
  }

  /** How many of the command line's own lines the terminal had to break. */
  get wraps(): number {
    const { active } = this.#screen.buffer
    const rows = Array.from({ length: active.length }, (_, row) => active.getLine(row))
    const first = rows.findIndex((row, i) => i > 0 && row?.isWrapped === false)
    const end = rows.findIndex((row) => row?.translateToString().startsWith('[exit '))
    return rows.slice(first, end).filter((row) => row?.isWrapped).length
  }

  /** Waits until it is there. */
  sees(text: string): Promise<void> {
    return this.shows(text, (lines) => lines.join('\n').includes(text))
  }

  /** Waits until the screen is so. @param what it is called where it never is */
  shows(what: string, isSo: (lines: readonly string[]) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = globalThis.setTimeout(
        () => {
          this.#watchers.delete(look)
          this.stop()
          reject(new Error(`never seen: ${what}\n${this.lines.join('\n')}`))
        },
        this.#isStopped ? 0 : PATIENCE,
      )
      const look = (): void => {
        if (!isSo(this.lines)) return
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  /** Whether a program fills it with a screen of its own. */
  get isFilled(): boolean {
    return this.#screen.buffer.active.type === 'alternate'
  }

  /** As a person does with the window. */
  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows)
    this.#pty.resize(columns, rows)
  }

  type(keys: string): void {
    this.#pty.write(keys)
  }

  /** Ends it, whatever is running there. */
  stop(): void {
    this.#isStopped = true
    this.#pty.kill('SIGKILL')
  }

  /** What stood there when the command line had ended, between the shell's own lines. */
  async end(): Promise<TerminalEnd> {
    await this.sees('[end]')
    this.stop()
    const [before, ...rest] = this.lines
    const [after] = rest.splice(-2)
    const code = Number(/^\[exit ([0-9]+)\]$/.exec(rest.pop() ?? '')?.[1])
    const cursorIsShown = this.stream.lastIndexOf('\u001b[?25l') <= this.stream.lastIndexOf('\u001b[?25h')
    return { code, lines: rest, isRestored: before === after && cursorIsShown && !this.isFilled }
  }
}

export interface TerminalEnd {
  readonly code: number
  readonly lines: readonly string[]
  /** The terminal's modes and screen are what they were, and its cursor can be seen. */
  readonly isRestored: boolean
}
