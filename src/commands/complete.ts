import type { App } from '../cli/app.ts'
import {
  type Candidate,
  type NamesWanted,
  type Spot,
  spotOf,
  type Wanted,
  wantedAt,
} from '../cli/completion.ts'
import { escaped } from '../cli/escape.ts'
import { nameCandidates } from '../cli/name-candidates.ts'
import type { Program } from '../cli/program.ts'
import { readStdin } from '../cli/read-stdin.ts'
import { type TypedLine, typedLine } from '../cli/typed-line.ts'

/** Bytes: a longer line nobody types. */
const LONGEST_LINE = 16 * 1024
/** Milliseconds to wait for a database: somebody has pressed a key. */
const PATIENCE = 1_500
/** Characters of what describes a candidate. */
const LONGEST_ABOUT = 60

/** Says that the shell's own completion of files is wanted: no candidate begins so. */
const FILES = ':files'

/**
 * What the scripts of `completion` call. The typed line comes by standard input, for it may hold a secret, and arguments
 * stand in the process list: the line up to the cursor, raw, from the command's name on; from bash also, behind a NUL,
 * the part of the last word that readline would replace. The answer is a candidate a line, a tab, and what describes it.
 *
 * The shells' own words are not asked for: bash breaks them at `=`, `:` and `@`, and what would join them again there,
 * or take their quotes away, is mostly an eval. Whatever fails, a prompt is no place to say so.
 */
export function complete(program: Program, app: App): void {
  program.command('__complete', { hidden: true }).action(
    app.action(async () => {
      const lines = await answer(program, app).catch(() => [])
      return { data: lines, text: () => lines.join('\n') }
    }),
  )
}

async function answer(program: Program, app: App): Promise<readonly string[]> {
  if (app.system.stdin.isTerminal) return []
  const input = await readStdin(app, LONGEST_LINE)
  if (Buffer.byteLength(input) >= LONGEST_LINE - NEWLINE) return []
  const [text = '', replaced] = input.split('\0')
  const { HOME } = app.system.environment
  const line = typedLine(text, HOME)
  if (line === null) return []
  if (line.isTarget) return files(line)

  const spot = spotOf(program, line.words.slice(1))
  const wanted = spot && wantedAt(spot, line.current ?? '')
  if (wanted?.kind === 'files') return files(line)
  if (spot === null || wanted === null || line.current === null) return []
  const kept = replaced === undefined ? 0 : keptOf(line.raw, replaced, HOME)
  const lines = (await candidates(app, spot, wanted)).map((each) => lineOf(each, kept))
  return [...new Set(lines)]
}

/** Of the end of a line. */
const NEWLINE = 2

/** No file is wanted where the shell would run something to find it: zsh's `_files` runs a `$(…)` that stands before a slash. */
const files = ({ raw }: TypedLine): readonly string[] =>
  /^(?:[^$[\]{}`()]|\$[A-Za-z_])*$/.test(raw) ? [FILES] : []

async function candidates(
  app: App,
  spot: Spot,
  wanted: Exclude<Wanted, { kind: 'files' }>,
): Promise<readonly Candidate[]> {
  return wanted.kind === 'candidates' ? wanted.candidates : names(app, spot, wanted)
}

async function names(app: App, spot: Spot, wanted: NamesWanted): Promise<readonly Candidate[]> {
  const asked = ['store', 'tokenFile', 'scope'].map((name) => [name, spot.options.get(name)] as const)
  // One that is left to the shell to make out.
  if (asked.some(([, value]) => value === null)) return []
  const given = asked.filter(([, value]) => value !== undefined)
  app.options = { ...app.options, ...Object.fromEntries(given) }
  if ((await app.openIfThere(PATIENCE)) === null) return []
  const found = await nameCandidates((await app.asking({ leavesNoTrace: true })).context, spot, wanted)
  return found.map(({ value, about }) => ({ value: `${wanted.lead}${value}`, about }))
}

/** How many characters of the word stay as they are, before what readline replaces. */
function keptOf(raw: string, replaced: string, home: string | undefined): number {
  if (!raw.endsWith(replaced)) throw new Error('what is replaced is not at the end')
  return typedLine(raw.slice(0, raw.length - replaced.length), home)?.current?.length ?? 0
}

function lineOf({ value, about }: Candidate, kept: number): string {
  const characters = Array.from(escaped(about))
  const isLong = characters.length > LONGEST_ABOUT
  const shown = isLong ? [...characters.slice(0, LONGEST_ABOUT - 1), '…'] : characters
  return `${value.slice(kept)}\t${shown.join('')}`
}
