import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

const PROGRAM = join(import.meta.dirname, '..', '..', 'bin', 'tokenctl.js')
const ALICE = pathToFileURL(join(import.meta.dirname, 'alice.js')).href

/** Only a failure waits so long. */
const PATIENCE = Number(process.env.PATIENCE_MS ?? 3 * 60_000)

const COLUMNS = 110
const ROWS = 40
const HOUR = 3_600_000

/** Runs one line after the other, each as if typed at a prompt; the last exit code goes to the terminal, out of sight. */
const SHELL = `
  for line do
    printf '%s\\n' "$line" | sed '1s/^/$ /; 1!s/^/> /'
    (exit $code)
    eval "$line"
    code=$?
  done
  printf '\\033]133;D;%s\\007' "$code"; exec sleep 600`

/** Alice's: an empty home, an empty environment, `tokenctl` on the path, and a clock that goes on when it is told to. */
export class Machine {
  // Not the temporary folder of whoever plays the tour: its path stands in lines that have to fit the terminal.
  #folder = mkdtempSync('/tmp/tour-')
  #now = Date.parse('2026-03-02T09:00:00Z')

  constructor() {
    mkdirSync(this.home, { recursive: true })
    mkdirSync(join(this.#folder, 'bin'))
    const program = join(this.#folder, 'bin', 'tokenctl')
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' --import '${ALICE}' '${PROGRAM}' "$@"\n`)
    chmodSync(program, 0o755)
  }

  get home() {
    return join(this.#folder, 'home', 'alice')
  }

  /** A terminal in which these lines are typed. */
  terminal(lines) {
    const path = [join(this.#folder, 'bin'), dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin']
    return new Terminal(lines, this.home, {
      HOME: this.home,
      PATH: path.join(':'),
      LC_ALL: 'C',
      // Nobody's real clipboard is to be touched.
      SSH_TTY: '/dev/pts/0',
      TOUR_NOW: String(this.#now),
    })
  }

  write(name, text) {
    writeFileSync(join(this.home, name), text)
  }

  hoursLater(hours) {
    this.#now += hours * HOUR
  }

  /** What was seen on it, as if its root were this one's. */
  asItsOwn(text) {
    return text.replaceAll(this.#folder, '')
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** A real pseudo-terminal, and what a person sees there. */
class Terminal {
  #screen = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  #pty
  #exitCode = null
  #answers = 0
  #watchers = new Set()

  constructor(lines, home, env) {
    this.#screen.parser.registerOscHandler(133, (data) => {
      this.#exitCode = Number(data.replace('D;', ''))
      return true
    })
    this.#pty = spawn('sh', ['-c', SHELL, 'sh', ...lines], {
      name: 'xterm-256color',
      cols: COLUMNS,
      rows: ROWS,
      cwd: home,
      env: { ...env, code: '0' },
    })
    this.#pty.onData((data) => this.#screen.write(data, () => this.#watchers.forEach((look) => look())))
  }

  /** All of it, without what is blank at the ends; what the terminal itself wrapped is one line. */
  get text() {
    const { active } = this.#screen.buffer
    const lines = []
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row)
      if (line.isWrapped) lines.push(lines.pop() + line.translateToString(true))
      else lines.push(line.translateToString(true))
    }
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd()
  }

  /** Waits until each of these is there, and at the same time none of those that are to go. */
  async sees(texts, gone = []) {
    await this.#until(`never seen: ${texts.join(', ')}`, () => {
      const { text } = this
      return texts.every((each) => text.includes(each)) && !gone.some((each) => text.includes(each))
    })
  }

  /** Waits for the question. The same one may have been asked before: so each earlier one must stand there answered. */
  async answer(question, keys) {
    await this.#until(`never asked: ${question}`, () => {
      const lines = this.text.split('\n')
      const answered = lines.filter((line) => line.startsWith('✔ ')).length
      const isAsked = lines.some((line) => line.startsWith('? ') && line.includes(question))
      return isAsked && answered === this.#answers
    })
    this.#answers++
    this.type(keys)
  }

  type(keys) {
    this.#pty.write(keys)
  }

  /** @returns the exit code of the last line, once that has ended */
  async end() {
    await this.#until('never ended', () => this.#exitCode !== null)
    this.close()
    return this.#exitCode
  }

  close() {
    this.#pty.kill('SIGKILL')
  }

  #until(complaint, condition) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close()
        reject(new Error(`${complaint}\n${this.text}`))
      }, PATIENCE)
      const look = () => {
        if (!condition()) return
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }
}
