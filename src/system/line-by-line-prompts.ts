import { on } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { interrupted } from '../core/problem.ts'
import type { AtTerminal } from './at-terminal.ts'
import type { Choice, Page, Picker, Prompts } from './prompts.ts'

/** On a terminal that knows no cursor (TERM=dumb): a line is asked, and a line is answered. Nothing else is ever sent. */
export const lineByLinePrompts = (asking: AtTerminal): Prompts => ({
  async text(message, refuse) {
    for (;;) {
      const answer = await line(asking, message)
      const refusal = refuse(answer)
      if (refusal === null) return answer
      say(refusal)
    }
  },
  async choose(message, choices, header) {
    sayChoices(choices, header)
    for (;;) {
      const chosen = chosenOf(choices, await line(asking, `${message} (a number)`))
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
      const answer = await line(asking, `${message} (a number, or a part of a name)`)
      const chosen = chosenOf(choices, answer)
      if (chosen !== undefined) return chosen.value
      search = answer
    }
  },
  confirm: async (message) => /^y(es)?$/i.test(await line(asking, `${message} (y/N)`)),
  async secret(message, refuse = () => null) {
    for (;;) {
      const answer = await unseen(asking, message)
      const refusal = refuse(answer)
      if (refusal === null) return answer
      say(refusal)
    }
  },
  async pause(message) {
    await line(asking, message)
  },
  withoutColors() {
    // There are none.
  },
})

const say = (text: string): unknown => process.stderr.write(`${text}\n`)

/** By its number, or by its name; not by what is the number of one and the name of another. */
function chosenOf<Value>(choices: readonly Choice<Value>[], answer: string): Choice<Value> | undefined {
  const [chosen, ...others] = choices.filter(({ name }, i) => name === answer || String(i + 1) === answer)
  if (others.length === 0) return chosen
  say(`${answer} is a number and a name here: answer by the other`)
  return undefined
}

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
function line(asking: AtTerminal, message: string): Promise<string> {
  return asking(async (signal) => {
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
function unseen(asking: AtTerminal, message: string): Promise<string> {
  return asking(async (signal) => {
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
