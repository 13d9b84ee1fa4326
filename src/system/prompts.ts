import type { Interface } from 'node:readline'
import { printable } from '../core/name.ts'
import { Problem } from '../core/problem.ts'
import type { Choice, Picker } from './picker.ts'

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

export const realPrompts: Prompts = {
  text: (message, refuse) =>
    ask((prompt) =>
      prompt([
        {
          type: 'input',
          name: 'answer',
          message,
          transformer: printable,
          validate: (text: string) => refuse(text) ?? true,
        },
      ]),
    ),
  async choose(message, choices, header) {
    const chosen = await ask<number>((prompt, { Separator }) =>
      prompt([
        {
          type: 'select',
          name: 'answer',
          message,
          choices: [
            ...(header === undefined ? [] : [new Separator(` ${header}`)]),
            ...choices.map(({ line, name }, value) => ({ value, name: line, short: name })),
          ],
        },
      ]),
    )
    const [{ value }] = choices.slice(chosen) as [(typeof choices)[number]]
    return value
  },
  async pick(picker) {
    const { pick } = await import('./picker.ts')
    const chosen = await atTerminal((signal) => pick(picker, process.stderr, signal))
    if (chosen === null) throw interrupted()
    if (picker.echo) process.stderr.write(`${picker.message} ${chosen.name}\n`)
    return chosen.value
  },
  confirm: (message) =>
    ask((prompt) => prompt([{ type: 'confirm', name: 'answer', message, default: false }])),
  secret: (message, refuse = () => null) =>
    ask((prompt) =>
      prompt([
        {
          type: 'password',
          name: 'answer',
          message,
          mask: '*',
          toggleMask: false,
          validate: (text: string) => refuse(text) ?? true,
        },
      ]),
    ),
  async pause(message) {
    const { pause } = await import('./pause.ts')
    await atTerminal((signal) => pause(message, process.stderr, signal))
  },
  bePlain() {
    process.env.NO_COLOR = '1'
  },
}

type Inquirer = (typeof import('inquirer'))['default']
type Prompt = ReturnType<typeof promptModule>

const promptModule = (inquirer: Inquirer, signal: AbortSignal) =>
  inquirer.createPromptModule({ output: process.stderr, signal })

/** A question of inquirer's, which knows of no Esc: here it is as good as Ctrl-C. */
async function ask<T>(question: (prompt: Prompt, inquirer: Inquirer) => Promise<{ answer: T }>): Promise<T> {
  const { default: inquirer } = await import('inquirer')
  const escape = new AbortController()
  const onKey = (_: unknown, key: { readonly name?: string } | undefined): void => {
    if (key?.name === 'escape') escape.abort()
  }
  process.stdin.on('keypress', onKey)
  try {
    return await atTerminal(async (signal) => {
      const either = AbortSignal.any([signal, escape.signal])
      return (await question(promptModule(inquirer, either), inquirer)).answer
    })
  } finally {
    process.stdin.off('keypress', onKey)
  }
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @param question ends with its signal. @throws Problem `interrupted` on Ctrl-C, and when the process is told to end */
async function atTerminal<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  await hearEscapeSoon()
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  // Left to themselves they would end the process with the terminal still raw. Not once(): whoever else listens counts.
  for (const signal of ENDING) process.on(signal, stop)
  try {
    return await question(abort.signal)
  } catch (error) {
    if (/^(Exit|Abort)PromptError$/.test((error as Error).name)) throw interrupted()
    throw error
  } finally {
    for (const signal of ENDING) process.off(signal, stop)
  }
}

const interrupted = (): Problem => new Problem('interrupted', 'interrupted; nothing changed')

/** Other keys begin with the byte of Esc: how long to wait for what would follow it. Node's own half a second is felt. */
const ESCAPE_MILLISECONDS = 100

/** Who is first to ask for keys decides. */
async function hearEscapeSoon(): Promise<void> {
  const { emitKeypressEvents } = await import('node:readline')
  emitKeypressEvents(process.stdin, { escapeCodeTimeout: ESCAPE_MILLISECONDS } as unknown as Interface)
}
