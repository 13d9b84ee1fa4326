import { on } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { interrupted } from '../core/problem.ts'
import { atTerminal } from './at-terminal.ts'
import type { Choice, Page, Picker, Prompts } from './prompts.ts'

/** On a terminal that knows no cursor (TERM=dumb): a line is asked, and a line is answered. Nothing else is ever sent. */
export const lineByLinePrompts: Prompts = {
  async text(message, refuse) {
    for (;;) {
      const answer = await line(message)
      const refusal = refuse(answer)
      if (refusal === null) return answer
      say(refusal)
    }
  },
  async choose(message, choices, header) {
    sayChoices(choices, header)
    for (;;) {
      const chosen = chosenOf(choices, await line(`${message} (a number)`))
      if (chosen !== undefined) return chosen.value
    }
  },
  async pick<Value>({ message, find }: Picker<Value>) {
    let search = ''
    for (;;) {
      // A number and a space where others have a pointer take two cells more.
      const page = await find(search, (process.stderr.columns || 80) - 2)
      sayPage(page)
      const choices = [...page.choices, ...page.fixed]
      const answer = await line(`${message} (a number, or a part of a name)`)
      const chosen = chosenOf(choices, answer)
      if (chosen !== undefined) return chosen.value
      search = answer
    }
  },
  confirm: async (message) => /^y(es)?$/i.test(await line(`${message} (y/N)`)),
  async secret(message, refuse = () => null) {
    for (;;) {
      const answer = await unseen(message)
      const refusal = refuse(answer)
      if (refusal === null) return answer
      say(refusal)
    }
  },
  async pause(message) {
    await line(message)
  },
  withoutColors() {
    // There are none.
  },
}

const say = (text: string): unknown => process.stderr.write(`${text}\n`)

/** By its number, or by its name. */
const chosenOf = <Value>(choices: readonly Choice<Value>[], answer: string): Choice<Value> | undefined =>
  choices.find(({ name }, i) => name === answer || String(i + 1) === answer)

function sayPage({ title, header, choices, fixed, remark }: Page<unknown>): void {
  if (title !== '') say(title)
  sayChoices([...choices, ...fixed], header)
  if (remark !== '') say(remark)
}

function sayChoices(choices: readonly Choice<unknown>[], header = ''): void {
  if (header !== '') say(`    ${header}`)
  for (const [i, { line }] of choices.entries()) say(`${String(i + 1).padStart(3)} ${line}`)
}

/** @throws Problem `interrupted` on Ctrl-C, and on Ctrl-D */
function line(message: string): Promise<string> {
  return atTerminal(async (signal) => {
    const readline = createInterface({ input: process.stdin, output: process.stderr, terminal: false })
    try {
      const ended = new Promise<never>((_, reject) => {
        readline.once('close', () => reject(interrupted()))
      })
      return await Promise.race([readline.question(`${message} `, { signal }), ended])
    } finally {
      readline.close()
    }
  })
}

const LEAVE = /[\u0003\u0004]/
const TAKEN_BACK = /[^][\u007f\b]/g

/** The terminal repeats what is typed, unless it is raw; and then says nothing of Ctrl-C either. */
function unseen(message: string): Promise<string> {
  return atTerminal(async (signal) => {
    const { stdin } = process
    // First: who is quick would see it.
    stdin.setRawMode(true)
    try {
      process.stderr.write(`${message} `)
      let typed = ''
      for await (const keys of on(stdin, 'data', { signal })) {
        typed = `${typed}${String(keys)}`.replaceAll(TAKEN_BACK, '')
        if (LEAVE.test(typed)) throw interrupted()
        const [line, ...rest] = typed.split(/\r|\n/)
        if (line !== undefined && rest.length > 0) return line
      }
      throw interrupted()
    } finally {
      stdin.setRawMode(false)
      stdin.pause()
      say('')
    }
  })
}
