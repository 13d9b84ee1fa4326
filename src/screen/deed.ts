import type { App } from '../cli/app.ts'
import { escaped } from '../cli/escape.ts'
import { laidOut } from '../cli/laid-out.ts'
import type { Column } from '../cli/table.ts'

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
export async function chooseDeed(app: App, title: string, deeds: readonly Deed[]): Promise<Deed> {
  const chosen = await app.system.prompts.pick({
    title: escaped(title),
    message: 'What to do:',
    keys: { enter: 'choose', escape: 'goes back' },
    async find(search, columns) {
      const fitting = deeds.filter(({ says, shows }) =>
        `${says} ${shows}`.toLowerCase().includes(search.toLowerCase()),
      )
      const { lines } = await laidOut({ ...app.askingStyle, columns }, COLUMNS, fitting)
      return {
        header: '',
        choices: fitting.map(({ says }, i) => ({ value: says, line: lines[i] ?? '', name: says })),
        fixed: [],
        remark: '',
      }
    },
  })
  return deeds.find(({ says }) => says === chosen) ?? deed('', 'help')
}

const COLUMNS: readonly Column<Deed>[] = [
  { title: '', cell: ({ says }) => says },
  { title: '', spare: true, cell: ({ shows }) => `tokenctl ${shows}` },
]

/** A word as a POSIX shell takes it. */
export const quotedForShell = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
