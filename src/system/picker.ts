import type { KeypressEvent } from '@inquirer/core'
import { bold } from './emphasis.ts'
import { hearKeys } from './keypress.ts'
import { above, below, heightOf, type Size, sizeOf } from './picker-lines.ts'
import type { Choice, Page, Picker } from './prompts.ts'
import { typed } from './typed.ts'

/** An ES module, which the bundle, in CommonJS, can only import when it runs. */
type Core = typeof import('@inquirer/core')

/** A terminal that can be written on, and says how large it is. */
type Screen = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>

// The list has a screen of its own, as a pager has: so it can be drawn anew at any size, and whatever stood on the
// terminal, perhaps a secret that is shown just once, is there again when the list is left.
const ENTER_SCREEN = '\u001b[?1049h'
const LEAVE_SCREEN = '\u001b[?1049l'
const CLEAR_SCREEN = '\u001b[H\u001b[2J'

/** @returns the choice, or null: Esc, with nothing typed that it could take back. @throws what `find` throws */
export async function pick<Value>(
  picker: Picker<Value>,
  screen: NodeJS.WriteStream,
  signal: AbortSignal,
  input: NodeJS.ReadableStream = process.stdin,
): Promise<Choice<Value> | null> {
  const outcome: { failure?: unknown } = {}
  // A terminal without a second screen keeps what is scrolled out of sight, and not what is cleared.
  screen.write(`${ENTER_SCREEN}${'\n'.repeat(sizeOf(screen).rows)}${CLEAR_SCREEN}`)
  let isLeft = false
  const leave = (): void => {
    if (!isLeft) screen.write(LEAVE_SCREEN)
    isLeft = true
  }
  // Readline stops the process for it at once: the shell must not write on this screen.
  const stopHearing = hearKeys(input, ({ name, ctrl = false }) => {
    if (ctrl && name === 'z') leave()
  })
  try {
    const list = listOf<Value>(await import('@inquirer/core'))
    const chosen = await list(
      { picker, screen, outcome },
      { input, output: screen, signal, clearPromptOnDone: true },
    )
    if ('failure' in outcome) throw outcome.failure
    return chosen
  } finally {
    stopHearing()
    leave()
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
    /** Enter was pressed, and what belongs to the words typed is not there yet. */
    const [isEntered, setEntered] = useState(false)
    const choose = (chosen: Choice<Value>): void => {
      Object.assign(bookmark, { search, name: chosen.name })
      done(chosen)
    }
    const page = useFound(core, picker, search, size, {
      found(now, before) {
        const isFirst = before.for === null && search === bookmark.search
        const last = Math.max(0, now.choices.length - 1)
        if (before.for === search) setActive((at) => placeAgain(at, before, now))
        else setActive((steps) => Math.min(steps + (isFirst ? placeOf(bookmark.name, now) : 0), last))
      },
      fail(failure) {
        outcome.failure = failure
        done(null)
      },
    })
    const all = [...page.choices, ...page.fixed]
    const isThere = page.for === search
    const pointed = isThere ? all[active] : undefined

    useEffect((line) => line.write(search), [])

    useKeypress((key, line) => {
      // Whatever comes after Enter takes it back: it was pressed for what stood there then.
      setEntered(false)
      if (core.isEnterKey(key)) {
        if (pointed !== undefined) choose(pointed)
        else if (!isThere && active === 0) setEntered(true)
      } else if (key.name === 'escape' && isEntered) {
        // That was all it had to do.
      } else if (key.name === 'escape' && search === '') done(null)
      else if (key.name === 'escape') {
        setSearch('')
        setActive(0)
        line.clearLine(0)
        return
      } else {
        const step = stepOf(core, key, heightOf(page, size))
        if (step !== 0) setActive(moved(active, step, isThere ? all.length : Infinity))
        else if (key.name !== 'tab' && line.line !== search) {
          setSearch(line.line)
          setActive(0)
          return
        }
      }
      // What readline makes of these keys (a history, an empty line, a tab) is not what was searched for.
      line.clearLine(0)
      line.write(search)
    })

    if (isEntered && isThere) {
      const wanted = page.choices[active]
      if (wanted !== undefined) choose(wanted)
      else setEntered(false)
    }
    return [
      [...above(page, size), `${bold(picker.message)} ${typed(search)}`].join('\n'),
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
  on: Readonly<{
    found: (now: Found<Value>, before: Found<Value>) => void
    fail: (failure: unknown) => void
  }>,
): Found<Value> {
  const [page, setPage] = useState<Found<Value>>(NOTHING_YET)
  useEffect(() => {
    let isWanted = true
    find(search, size.columns - 1).then(
      (found) => {
        if (!isWanted) return
        const now = { ...found, for: search }
        on.found(now, page)
        setPage(now)
      },
      (failure: unknown) => {
        if (isWanted) on.fail(failure)
      },
    )
    return () => {
      isWanted = false
    }
  }, [search, size])
  return page
}

const placeOf = (name: string, { choices }: Page<unknown>): number =>
  Math.max(
    0,
    choices.findIndex((choice) => choice.name === name),
  )

/** Where the same choice stands now; nowhere, if it is gone: another must not be in its place under somebody's Enter. */
function placeAgain(at: number, before: Page<unknown>, now: Page<unknown>): number {
  const pointed = [...before.choices, ...before.fixed][at]
  return [...now.choices, ...now.fixed].findIndex(({ name }) => name === pointed?.name)
}

/** By how many lines a key moves the pointer. */
function stepOf({ isUpKey, isDownKey }: Core, key: KeypressEvent, height: number): number {
  if (isUpKey(key, ['emacs'])) return -1
  if (isDownKey(key, ['emacs'])) return 1
  if (key.name === 'pageup') return -height
  return key.name === 'pagedown' ? height : 0
}

/** A single step goes round, a page stops at the end; from nowhere both begin at the beginning. */
function moved(active: number, step: number, count: number): number {
  if (count === 0 || active < 0) return 0
  if (Math.abs(step) === 1 && count < Infinity) return (active + step + count) % count
  return Math.min(Math.max(active + step, 0), count - 1)
}
