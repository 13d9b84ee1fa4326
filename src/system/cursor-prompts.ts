import type { Interface } from 'node:readline'
import { interrupted } from '../core/problem.ts'
import type { AtTerminal } from './at-terminal.ts'
import { bold, cyan, dim, green } from './emphasis.ts'
import { hearKeys } from './keypress.ts'
import { typed } from './typed.ts'
import type { Prompts } from './prompts.ts'

const KEYS = '↑↓ move, Enter choose, Esc goes back'

/** On a terminal whose cursor moves. A question that was left is gone; one that was answered stays, with its answer. */
export const cursorPrompts = (asking: AtTerminal): Prompts => ({
  async text(message, refuse, earlier) {
    let soFar = earlier
    const answer = await ask<string>(asking, (prompt) =>
      prompt([
        {
          type: 'input',
          name: 'answer',
          message,
          ...(soFar === undefined ? {} : { default: soFar, prefill: 'editable' }),
          transformer: (text: string) => {
            soFar = text
            return typed(text)
          },
          validate: (text: string) => refuse(text) ?? true,
        },
      ]),
    )
    sayAnswer(message, answer)
    return answer
  },
  async choose(message, choices, header) {
    const index = await ask<number>(asking, (prompt, { Separator }) =>
      prompt([
        {
          type: 'select',
          name: 'answer',
          message,
          theme: { style: { keysHelpTip: () => dim(KEYS) } },
          choices: [
            ...(header === undefined ? [] : [new Separator(` ${header}`)]),
            ...choices.map(({ line }, value) => ({ value, name: line })),
          ],
        },
      ]),
    )
    const [{ value, name }] = choices.slice(index) as [(typeof choices)[number]]
    sayAnswer(message, name)
    return value
  },
  async pick(picker) {
    const { pick } = await import('./picker.ts')
    const chosen = await listening(asking, (signal) => pick(picker, process.stderr, signal))
    if (chosen === null) throw interrupted()
    if (picker.echo) sayAnswer(picker.message, chosen.name)
    return chosen.value
  },
  async confirm(message) {
    const isAgreed = await ask<boolean>(asking, (prompt) =>
      prompt([{ type: 'confirm', name: 'answer', message, default: false }]),
    )
    if (isAgreed) sayAnswer(message, 'Yes')
    else sayAnswer(message, 'No', '✘')
    return isAgreed
  },
  async secret(message, refuse = () => null) {
    const answer = await ask<string>(asking, (prompt) =>
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
    )
    sayAnswer(message, '*'.repeat(answer.length))
    return answer
  },
  async pause(message) {
    const { pause } = await import('./pause.ts')
    await listening(asking, (signal) => pause(message, process.stderr, signal))
  },
  withoutColors() {
    process.env.NO_COLOR = '1'
  },
})

const sayAnswer = (message: string, answer: string, mark = green('✔')): unknown =>
  process.stderr.write(`${mark} ${bold(message)} ${cyan(typed(answer))}`.trimEnd() + '\n')

type Inquirer = (typeof import('inquirer'))['default']
type Prompt = ReturnType<typeof promptModule>

const promptModule = (inquirer: Inquirer, signal: AbortSignal) =>
  inquirer.createPromptModule({ output: process.stderr, signal, clearPromptOnDone: true })

/** A question of inquirer's, which knows of no Esc: here it is as good as Ctrl-C. */
async function ask<T>(
  asking: AtTerminal,
  question: (prompt: Prompt, inquirer: Inquirer) => Promise<{ answer: T }>,
): Promise<T> {
  const { default: inquirer } = await import('inquirer')
  const escape = new AbortController()
  const stopHearing = hearKeys(process.stdin, ({ name }) => {
    if (name === 'escape') escape.abort()
  })
  try {
    return await listening(asking, async (signal) => {
      const either = AbortSignal.any([signal, escape.signal])
      return (await question(promptModule(inquirer, either), inquirer)).answer
    })
  } finally {
    stopHearing()
  }
}

/** Hears Esc soon. */
async function listening<T>(asking: AtTerminal, question: (signal: AbortSignal) => Promise<T>): Promise<T> {
  await hearEscapeSoon()
  return asking(question)
}

/** Other keys begin with the byte of Esc: how long to wait for what would follow it. Node's own half a second is felt. */
const ESCAPE_MILLISECONDS = 100

/** Who is first to ask for keys decides. */
async function hearEscapeSoon(): Promise<void> {
  const { emitKeypressEvents } = await import('node:readline')
  emitKeypressEvents(process.stdin, { escapeCodeTimeout: ESCAPE_MILLISECONDS } as unknown as Interface)
}
