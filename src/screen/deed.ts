import type { App } from '../cli/app.ts'
import { cutTo } from '../cli/cells.ts'
import { POINTER } from '../cli/choose.ts'
import { type Column, laidOut } from '../cli/table.ts'

/** A command line, word by word, without the program's name. */
export type Line = readonly string[]

/** Something that can be done: one of the commands. */
export interface Deed {
  readonly says: string
  /** What it comes to, before the questions that are left. */
  readonly shows: string
  /** Asks what is still to be asked. @throws Problem `interrupted` where somebody would rather not */
  readonly line: (app: App) => Promise<Line>
}

/** One with nothing left to ask. */
export const deed = (says: string, ...line: Line): Deed => ({
  says,
  shows: line.join(' '),
  line: async () => line,
})

/** A menu: what it says in words, and as a command. */
export const chooseDeed = (app: App, title: string, deeds: readonly Deed[]): Promise<Deed> =>
  app.system.prompts.pick({
    message: 'What to do:',
    keys: { enter: 'choose', escape: 'goes back' },
    echo: false,
    async find(search, columns) {
      const fitting = deeds.filter((deed) => isLike(deed, search))
      const { lines } = await laidOut({ ...app.askingStyle, columns }, COLUMNS, fitting, POINTER)
      const choices = fitting.map((deed, i) => ({ value: deed, line: lines[i] ?? '', name: deed.says }))
      return { title: await cutTo(columns, title), header: '', choices, fixed: [], remark: '' }
    },
  })

const isLike = ({ says, shows }: Deed, search: string): boolean =>
  `${says} ${shows}`.toLowerCase().includes(search.toLowerCase())

const COLUMNS: readonly Column<Deed>[] = [
  { title: '', rank: 0, least: 8, cell: ({ says }) => says },
  { title: '', rank: 1, least: 24, cell: ({ shows }) => shows },
]

/** A word as a POSIX shell takes it. */
export const quotedForShell = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
