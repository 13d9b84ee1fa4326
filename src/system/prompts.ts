import { cursorPrompts } from './cursor-prompts.ts'
import type { Choice, Picker } from './picker.ts'
import { plainPrompts } from './plain-prompts.ts'

export type { Choice, Page, Picker } from './picker.ts'

/** Questions to somebody at a terminal, asked on stderr: stdout is for the answer. @throws Problem `interrupted` on Ctrl-C and Esc */
export interface Prompts {
  /** @param refuse says what is wrong with an answer, or null */
  text(message: string, refuse: (answer: string) => string | null): Promise<string>
  /** Of a few. @param header what stands over them, where they are lines of a table. @returns the value */
  choose<Value>(message: string, choices: readonly Choice<Value>[], header?: string): Promise<Value>
  /** Of many, which are searched. @returns the value */
  pick<Value>(picker: Picker<Value>): Promise<Value>
  /** No is the default. */
  confirm(message: string): Promise<boolean>
  /** Typed unseen. @param refuse as for `text` */
  secret(message: string, refuse?: (answer: string) => string | null): Promise<string>
  /** Until somebody has read what is there. */
  pause(message: string): Promise<void>
  /** No colours from here on. */
  bePlain(): void
}

/** As the terminal is able to show them. */
export const realPrompts = (): Prompts => (process.env.TERM === 'dumb' ? plainPrompts : cursorPrompts)
