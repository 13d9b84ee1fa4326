import { App } from '../cli/app.ts'
import { programOf } from '../commands/index.ts'
import type { System } from '../system.ts'
import { describe } from './description.ts'
import { nounPage, pageName, programPage } from './man-page.ts'
import { commandsPage } from './markdown.ts'

/** A file of the manual, by its path from the root of the project. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** docs/commands.md and the manual pages: what the commands say of themselves, once for every form. */
export function manual(): readonly Page[] {
  const app = new App(NOWHERE, () => Promise.reject(new Error('no store')))
  const program = describe(programOf(app, { asked: '', unasked: '' }))
  const { nouns } = program
  return [
    { path: 'docs/commands.md', text: commandsPage(program) },
    { path: manPath('tokenctl'), text: programPage(program) },
    ...nouns.map((noun) => ({ path: manPath(pageName(noun)), text: nounPage(noun, nouns) })),
  ]
}

const manPath = (name: string): string => `dist/man/${name}.1`

/** Commands are declared without a look at the world; one that needed it would make a page that is not the same everywhere. */
const NOWHERE = new Proxy({} as System, {
  get: (_, part) => {
    throw new Error(`a command looks at system.${String(part)} as it is declared`)
  },
})
