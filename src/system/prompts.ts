import { Problem } from '../core/problem.ts'

/** Questions to somebody at a terminal, asked on stderr: stdout is for the answer. @throws Problem `interrupted` on Ctrl-C */
export interface Prompts {
  /** @param refuse says what is wrong with an answer, or null */
  text(message: string, refuse: (answer: string) => string | null): Promise<string>
  choose(message: string, choices: readonly string[]): Promise<string>
  /** No is the default. */
  confirm(message: string): Promise<boolean>
  /** Typed unseen. @param refuse as for `text` */
  secret(message: string, refuse?: (answer: string) => string | null): Promise<string>
}

export const realPrompts: Prompts = {
  text: (message, refuse) =>
    ask((prompt) =>
      prompt([{ type: 'input', name: 'answer', message, validate: (text: string) => refuse(text) ?? true }]),
    ),
  choose: (message, choices) =>
    ask((prompt) => prompt([{ type: 'select', name: 'answer', message, choices: [...choices] }])),
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
}

type Prompt = ReturnType<typeof promptModule>

const promptModule = (inquirer: (typeof import('inquirer'))['default'], signal: AbortSignal) =>
  inquirer.createPromptModule({ output: process.stderr, signal })

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']

async function ask<T>(question: (prompt: Prompt) => Promise<{ answer: T }>): Promise<T> {
  const { default: inquirer } = await import('inquirer')
  const abort = new AbortController()
  const stop = (): void => abort.abort()
  // Left to themselves they would end the process with the terminal still raw. Not once(): whoever else listens counts.
  for (const signal of ENDING) process.on(signal, stop)
  try {
    const { answer } = await question(promptModule(inquirer, abort.signal))
    return answer
  } catch (error) {
    if (/^(Exit|Abort)PromptError$/.test((error as Error).name)) throw interrupted()
    throw error
  } finally {
    for (const signal of ENDING) process.off(signal, stop)
  }
}

const interrupted = (): Problem => new Problem('interrupted', 'interrupted; nothing changed')
