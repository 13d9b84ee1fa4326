import { type Ended, type EngineName, type World, worldOn } from './world.ts'

/**
 * A terminal session written down: what somebody types, and what they must then see. See test/scripts.
 *
 *     # a remark
 *     $ tokenctl client create BI --role user      a command line; `<<< text` at its end is its standard input
 *     {token:BI}                                   a line of standard output
 *     ! client BI, role user: …                    a line of standard error
 *     ? Go on?                                     a question asked at the terminal
 *     | BI  user                                   lines from which one was to be chosen, where a session wants to see them
 *     [exit 3]                                     how it ended, if not with 0
 *     @ clock +24h                                 time passes
 *     @ terminal / @ pipe                          somebody is there, or nobody
 *     @ columns 80                                 how wide the terminal is
 *     @ answer yes                                 what the next question will be answered
 *     @ set NAME=value / @ unset NAME              the environment
 *     @ full disk                                  standard output takes nothing more
 *     @ sudo 4321                                  from here on that user calls, by sudo, as the store's owner
 *     @ store                                      there is one, with `tester` as its clusteradmin
 *     @ no store                                   there is none from the beginning, on PostgreSQL either
 *     @ only SQLite                                the session makes sense on that engine alone
 *
 * `{token:BI}` stands for any token where it is first seen, and from then on for that one; `{id:BI}` for its ID.
 * On PostgreSQL the store is otherwise there from the beginning, and nothing is said of its being made.
 * `{time}` is an RFC 3339 time, `{...}` any text within a line, `{path}` the store's path.
 */
interface Step {
  readonly line: number
  readonly command: string
  readonly expected: Readonly<{
    stdout: string[]
    stderr: string[]
    asked: string[]
    shown: string[]
    code: number
  }>
}

type Item = Step | { readonly line: number; readonly directive: string }

export async function play(script: string, engine: EngineName): Promise<void> {
  const world = await worldOn(engine)
  world.environment.NO_COLOR = '1'
  try {
    if (engine === 'PostgreSQL' && !WITHOUT_STORE.test(script)) await world.makeStore()
    await playIn(world, engine === 'SQLite' ? script : script.replace(MAKING, ''))
  } finally {
    await world.end()
  }
}

const WITHOUT_STORE = /^@ no store$/m
const MAKING = /^! made the store \{path\}; .*\n/gm

/** Whether a session makes sense on that engine. */
export function isFor(script: string, engine: EngineName): boolean {
  const [, only = engine] = /^@ only (.*)$/m.exec(script) ?? []
  return only === engine
}

async function playIn(world: World, script: string): Promise<void> {
  const known = new Map([
    ['path', world.storePath],
    ['folder', world.folder],
    ['uid', String(process.geteuid?.() ?? 0)],
  ])
  for (const item of parsed(script)) {
    if ('directive' in item) await direct(filled(item.directive, known), world)
    else await playStep(item, world, known)
  }
}

function parsed(script: string): Item[] {
  const items: Item[] = []
  for (const [index, text] of script.split('\n').entries()) {
    const line = index + 1
    const last = items.at(-1)
    if (text.startsWith('@ ')) items.push({ line, directive: text.slice(2) })
    else if (text.startsWith('$ ')) {
      items.push({
        line,
        command: text.slice(2),
        expected: { stdout: [], stderr: [], asked: [], shown: [], code: 0 },
      })
    } else if (text !== '' && !text.startsWith('#')) {
      if (last === undefined || 'directive' in last) throw new Error(`line ${line}: output of no command`)
      expectLine(last, text)
    }
  }
  return items
}

function expectLine({ expected }: Step, text: string): void {
  const exit = /^\[exit ([0-9]+)\]$/.exec(text)
  if (exit) (expected as { code: number }).code = Number(exit[1])
  else if (text.startsWith('! ')) expected.stderr.push(text.slice(2))
  else if (text.startsWith('? ')) expected.asked.push(text.slice(2))
  else if (text.startsWith('| ')) expected.shown.push(text.slice(2))
  else expected.stdout.push(text)
}

async function direct(directive: string, world: World): Promise<void> {
  const [verb, value = ''] = directive.split(/ (.*)/s)
  if (verb === 'clock') world.now += milliseconds(value)
  else if (verb === 'terminal') world.terminal = true
  else if (verb === 'pipe') world.terminal = false
  else if (verb === 'columns') world.columns = Number(value)
  else if (verb === 'answer') world.answers.push(value)
  else if (verb === 'set') world.environment[value.split('=', 1)[0] ?? ''] = value.replace(/^[^=]*=/, '')
  else if (verb === 'unset') Reflect.deleteProperty(world.environment, value)
  else if (directive === 'full disk') world.stdout = { write: fullDisk }
  else if (verb === 'sudo') world.person = { uid: Number(value), name: null }
  else if (verb === 'store') await world.makeStore()
  else if (verb === 'only' || directive === 'no store') return
  else throw new Error(`unknown directive: ${directive}`)
}

async function fullDisk(): Promise<never> {
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
}

function milliseconds(text: string): number {
  const [, amount, unit] = /^\+([0-9]+)(s|m|h|d)$/.exec(text) ?? []
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 }
  const seconds = units[unit ?? '']
  if (seconds === undefined) throw new Error(`no time: ${text}`)
  return Number(amount) * seconds * 1000
}

async function playStep(step: Step, world: World, known: Map<string, string>): Promise<void> {
  const [command = '', input] = filled(step.command, known).split(' <<< ')
  world.stdin = input === undefined ? '' : `${input}\n`
  world.asked = []
  world.shown = []
  const ended = await world.run(...words(command).slice(1))
  const { expected } = step
  const shown = expected.shown.length > 0 ? world.shown : []
  const seen = transcript(step.command, ended, world.asked, shown)
  const matches =
    ended.code === expected.code &&
    matchLines(expected.stdout, lines(ended.stdout), known) &&
    matchLines(expected.stderr, lines(ended.stderr), known) &&
    matchLines(expected.asked, world.asked, known) &&
    matchLines(expected.shown, shown, known)
  if (!matches) throw new Error(`line ${step.line}: expected\n${transcriptOf(step)}\nbut saw\n${seen}`)
}

function matchLines(
  expected: readonly string[],
  seen: readonly string[],
  known: Map<string, string>,
): boolean {
  return expected.length === seen.length && expected.every((line, i) => matchLine(line, seen[i] ?? '', known))
}

/** Learns what the line's unknown names stand for. */
function matchLine(expected: string, seen: string, known: Map<string, string>): boolean {
  const names: string[] = []
  const pattern = filled(expected, known)
    .split(/(\{[^{}]*\})/)
    .map((part) => patternOf(part, names))
    .join('')
  const match = new RegExp(`^${pattern}$`).exec(seen)
  if (match === null) return false
  for (const [i, name] of names.entries()) learn(name, match[i + 1] ?? '', known)
  return true
}

function patternOf(part: string, names: string[]): string {
  if (part === '{...}') return '.*'
  if (part === '{time}') return '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z'
  const [, kind, name] = /^\{(token|id):(.*)\}$/.exec(part) ?? []
  if (kind === undefined || name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  names.push(`${kind}:${name}`)
  return kind === 'token' ? '([a-z0-9]+_[0-9A-Za-z]{61})' : '([a-z0-9]+_[0-9A-Za-z]{12})'
}

function learn(name: string, value: string, known: Map<string, string>): void {
  known.set(name, value)
  if (name.startsWith('token:')) known.set(name.replace('token:', 'id:'), value.slice(0, -49))
}

function filled(text: string, known: Map<string, string>): string {
  return text.replace(/\{([^{}]*)\}/g, (whole, name: string) => known.get(name) ?? whole)
}

/** As a shell would, quotes and all. */
function words(command: string): string[] {
  const found = command.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return found.map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, a?: string, b?: string) => a ?? b ?? ''),
  )
}

function lines(text: string): string[] {
  const visible = text.replace(OSC_52, (_, copied: string) => `(to the clipboard: ${atob(copied)})\n`)
  return visible === '' ? [] : visible.replace(/\n$/, '').split('\n')
}

const OSC_52 = /\u001b\]52;c;([^\u0007]*)\u0007/g

function transcript(
  command: string,
  { code, stdout, stderr }: Ended,
  asked: readonly string[],
  shown: readonly string[],
): string {
  return transcriptOf({
    line: 0,
    command,
    expected: { stdout: lines(stdout), stderr: lines(stderr), asked: [...asked], shown: [...shown], code },
  })
}

function transcriptOf({ command, expected: { stdout, stderr, asked, shown, code } }: Step): string {
  return [
    `$ ${command}`,
    ...asked.map((line) => `? ${line}`),
    ...shown.map((line) => `| ${line}`),
    ...stdout,
    ...stderr.map((line) => `! ${line}`),
    ...(code === 0 ? [] : [`[exit ${code}]`]),
  ].join('\n')
}
