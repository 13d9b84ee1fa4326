import type { Interface } from 'node:readline'
import { styleText } from 'node:util'
import { printable } from '../core/name.ts'
import { atTerminal, interrupted } from './at-terminal.ts'
import type { Prompts } from './prompts.ts'

const KEYS = '↑↓ move, Enter choose, Esc leave'

/** On a terminal whose cursor moves. */
export const cursorPrompts: Prompts = {
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
          theme: { style: { keysHelpTip: () => styleText('dim', KEYS) } },
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
    const chosen = await listening((signal) => pick(picker, process.stderr, signal))
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
    await listening((signal) => pause(message, process.stderr, signal))
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
    return await listening(async (signal) => {
      const either = AbortSignal.any([signal, escape.signal])
      return (await question(promptModule(inquirer, either), inquirer)).answer
    })
  } finally {
    process.stdin.off('keypress', onKey)
  }
}

/** As `atTerminal`, and hears Esc soon. */
async function listening<T>(question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  await hearEscapeSoon()
  return atTerminal(question)
}

/** Other keys begin with the byte of Esc: how long to wait for what would follow it. Node's own half a second is felt. */
const ESCAPE_MILLISECONDS = 100

/** Who is first to ask for keys decides. */
async function hearEscapeSoon(): Promise<void> {
  const { emitKeypressEvents } = await import('node:readline')
  emitKeypressEvents(process.stdin, { escapeCodeTimeout: ESCAPE_MILLISECONDS } as unknown as Interface)
}
