import { atTerminal } from './at-terminal.ts'
import { cursorPrompts } from './cursor-prompts.ts'
import { lineByLinePrompts } from './line-by-line-prompts.ts'
import type { HeldSignals } from './signals.ts'

/** Questions to somebody at a terminal, asked on stderr: stdout is for the answer. @throws Problem `interrupted` on Ctrl-C and Esc */
export interface Prompts {
  /**
   * @param refuse says what is wrong with an answer, or null
   * @param earlier an answer given before, to be changed or not
   */
  text(message: string, refuse: (answer: string) => string | null, earlier?: string): Promise<string>
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
  withoutColors(): void
}

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

interface Bookmark {
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

/** As the terminal is able to show them. */
export function realPrompts(signals: HeldSignals): Prompts {
  const asking = atTerminal(signals)
  return process.env.TERM === 'dumb' ? lineByLinePrompts(asking) : cursorPrompts(asking)
}
