import type { KeypressEvent } from '@inquirer/core'
import { styleText } from 'node:util'
import { printable } from '../core/name.ts'

/** An ES module, which the bundle, in CommonJS, can only import when it runs. */
type Core = typeof import('@inquirer/core')

/** A list that fills the terminal, searched by typing. */
export interface Picker<Value = string> {
  /** What is asked for, before what is typed. */
  readonly message: string
  /** What Enter and Esc do, in a word or two each. */
  readonly keys: Readonly<{ enter: string; escape: string }>
  /** The answer is left standing on the terminal's own screen. */
  readonly echo: boolean
  /**
   * What there is for a search; '' at the beginning.
   * @param columns that a line may take, the first two of them for what points at it
   */
  readonly find: (search: string, columns: number) => Promise<Page<Value>>
  /** Where somebody was when they chose: there the list opens the next time. */
  readonly bookmark?: Bookmark
}

export interface Bookmark {
  search: string
  /** Of the last choice. */
  name: string
}

export interface Page<Value = string> {
  /** Above all of it; '' for none. */
  readonly title: string
  /** Over the lines; '' for none. */
  readonly header: string
  readonly choices: readonly Choice<Value>[]
  /** Always in sight, below the others. */
  readonly fixed: readonly Choice<Value>[]
  /** What else there is to say of the list. */
  readonly remark: string
}

/** What stands for a value, made for a terminal: the value itself may hold anything. */
export interface Choice<Value = string> {
  readonly value: Value
  readonly line: string
  /** How it is called once it is chosen. */
  readonly name: string
}

/** A terminal that can be written on, and says how large it is. */
type Screen = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>

// The list has a screen of its own, as a pager has: so it can be drawn anew at any size, and whatever stood on the
// terminal, perhaps a secret that is shown just once, is there again when the list is left.
const ENTER_SCREEN = '\u001b[?1049h\u001b[H\u001b[2J'
const LEAVE_SCREEN = '\u001b[?1049l'
const CLEAR_SCREEN = '\u001b[H\u001b[2J'

const POINTER = '❯ '
const NO_POINTER = '  '

/** @returns the choice, or null: Esc, with nothing typed that it could take back. @throws what `find` throws */
export async function pick<Value>(
  picker: Picker<Value>,
  screen: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<Choice<Value> | null> {
  const outcome: { failure?: unknown } = {}
  screen.write(ENTER_SCREEN)
  try {
    const list = listOf<Value>(await import('@inquirer/core'))
    const chosen = await list(
      { picker, screen, outcome },
      { output: screen, signal, clearPromptOnDone: true },
    )
    if ('failure' in outcome) throw outcome.failure
    return chosen
  } finally {
    screen.write(LEAVE_SCREEN)
  }
}

interface Config<Value> {
  readonly picker: Picker<Value>
  readonly screen: Screen
  /** A prompt of this library cannot fail: so what goes wrong is left here. */
  readonly outcome: { failure?: unknown }
}

/** What was found, and for which search: what is typed may be further on already. */
interface Found<Value> extends Page<Value> {
  readonly for: string | null
}

const NOTHING_YET: Found<never> = { for: null, title: '', header: '', choices: [], fixed: [], remark: '' }

const listOf = <Value>(core: Core) =>
  core.createPrompt<Choice<Value> | null, Config<Value>>(({ picker, screen, outcome }, done) => {
    const { useState, useEffect, useKeypress } = core
    const { bookmark = { search: '', name: '' } } = picker
    const size = useSize(core, screen)
    const [search, setSearch] = useState(bookmark.search)
    const [active, setActive] = useState(0)
    const [isEntered, setEntered] = useState(false)
    const page = useFound(core, picker, search, size, {
      begin: (first) => setActive(placeOf(bookmark, first)),
      fail(failure) {
        outcome.failure = failure
        done(null)
      },
    })
    const all = [...page.choices, ...page.fixed]

    useEffect((line) => line.write(search), [])

    useKeypress((key, line) => {
      const step = stepOf(core, key, heightOf(page, size))
      if (key.name === 'escape' && search === '') done(null)
      else if (key.name === 'escape') {
        setSearch('')
        setActive(0)
      } else if (core.isEnterKey(key)) setEntered(true)
      else if (step !== 0) setActive(moved(active, step, all.length))
      else if (key.name !== 'tab' && line.line !== search) {
        setSearch(line.line)
        setActive(0)
        return
      }
      // What readline makes of these keys (a history, an empty line, a tab) is not what was searched for.
      line.clearLine(0)
      line.write(key.name === 'escape' ? '' : search)
    })

    // Enter chooses among what belongs to the words typed, even if that comes a moment later.
    if (isEntered && page.for === search) {
      const chosen = all[active]
      if (chosen === undefined) setEntered(false)
      else {
        Object.assign(bookmark, { search, name: chosen.name })
        done(chosen)
      }
    }
    return [
      [...above(page, size), `${styleText('bold', picker.message)} ${printable(search)}`].join('\n'),
      below(picker, page, active, size),
    ]
  })

/** The size of the terminal, now and whenever it changes. */
function useSize({ useState, useEffect }: Core, screen: Screen): Size {
  const [size, setSize] = useState(sizeOf(screen))
  useEffect(() => {
    const resized = (): void => {
      screen.write(CLEAR_SCREEN)
      setSize(sizeOf(screen))
    }
    screen.on('resize', resized)
    return () => screen.off('resize', resized)
  }, [])
  return size
}

/** What there is for a search: until it is found, what was found before. */
function useFound<Value>(
  { useState, useEffect }: Core,
  { find }: Picker<Value>,
  search: string,
  size: Size,
  on: Readonly<{ begin: (first: Page<Value>) => void; fail: (failure: unknown) => void }>,
): Found<Value> {
  const [page, setPage] = useState<Found<Value>>(NOTHING_YET)
  useEffect(() => {
    let isWanted = true
    find(search, size.columns - 1).then((found) => {
      if (!isWanted) return
      if (page.for === null) on.begin(found)
      setPage({ ...found, for: search })
    }, on.fail)
    return () => {
      isWanted = false
    }
  }, [search, size])
  return page
}

const placeOf = ({ name }: Bookmark, { choices }: Page<unknown>): number =>
  Math.max(
    0,
    choices.findIndex((choice) => choice.name === name),
  )

interface Size {
  readonly columns: number
  readonly rows: number
}

const sizeOf = ({ columns, rows }: Screen): Size => ({ columns: columns || 80, rows: rows || 24 })

/** Title, blank, question, header; blank, remark, keys. */
const OTHER_LINES = 7
/** In a low window there is the question, the header and the choices. */
const LOW = 12
const FEWEST_LINES = 2

const isLow = ({ rows }: Size): boolean => rows < LOW

/** How many of the choices there is room for. */
const heightOf = ({ fixed }: Page<unknown>, size: Size): number =>
  Math.max(1, size.rows - (isLow(size) ? FEWEST_LINES : OTHER_LINES) - fixed.length)

/** By how many lines a key moves the pointer. */
function stepOf({ isUpKey, isDownKey }: Core, key: KeypressEvent, height: number): number {
  if (isUpKey(key, ['emacs'])) return -1
  if (isDownKey(key, ['emacs'])) return 1
  if (key.name === 'pageup') return -height
  return key.name === 'pagedown' ? height : 0
}

/** A single step goes round, a page stops at the end. */
function moved(active: number, step: number, count: number): number {
  if (count === 0) return 0
  if (Math.abs(step) === 1) return (active + step + count) % count
  return Math.min(Math.max(active + step, 0), count - 1)
}

const above = ({ title }: Page<unknown>, size: Size): string[] =>
  title === '' || isLow(size) ? [] : [styleText('bold', title), '']

function below({ keys }: Picker<unknown>, page: Page<unknown>, active: number, size: Size): string {
  const { header, choices, fixed, remark } = page
  const height = heightOf(page, size)
  const first = Math.max(0, Math.min(active - Math.floor(height / 2), choices.length - height))
  const line = ({ line }: Choice<unknown>, index: number): string =>
    index === active ? styleText('inverse', POINTER + line) : NO_POINTER + line
  return [
    ...(header === '' ? [] : [NO_POINTER + styleText('dim', header)]),
    ...choices.slice(first, first + height).map((choice, i) => line(choice, first + i)),
    ...fixed.map((choice, i) => line(choice, choices.length + i)),
    ...(isLow(size) ? [] : footer(remark, help(keys).slice(0, size.columns - 1))),
  ].join('\n')
}

const footer = (remark: string, help: string): string[] =>
  ['', ...(remark === '' ? [] : [remark]), help].map((line) => styleText('dim', line))

const help = ({ enter, escape }: Picker['keys']): string =>
  `type to search, ↑↓ move, Enter ${enter}, Esc ${escape}`
