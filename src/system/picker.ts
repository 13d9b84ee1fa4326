import type { KeypressEvent } from '@inquirer/core'
import { printable } from '../core/name.ts'
import { bold } from './emphasis.ts'
import { above, below, heightOf, type Size, sizeOf } from './picker-lines.ts'
import type { Bookmark, Choice, Page, Picker } from './prompts.ts'

/** An ES module, which the bundle, in CommonJS, can only import when it runs. */
type Core = typeof import('@inquirer/core')

/** A terminal that can be written on, and says how large it is. */
type Screen = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>

// The list has a screen of its own, as a pager has: so it can be drawn anew at any size, and whatever stood on the
// terminal, perhaps a secret that is shown just once, is there again when the list is left.
const ENTER_SCREEN = '\u001b[?1049h\u001b[H\u001b[2J'
const LEAVE_SCREEN = '\u001b[?1049l'
const CLEAR_SCREEN = '\u001b[H\u001b[2J'

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
      [...above(page, size), `${bold(picker.message)} ${printable(search)}`].join('\n'),
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
