import { checkPassword } from '../core/password.ts'
import { Problem, reasonOf } from '../core/problem.ts'
import type { App } from './app.ts'
import { required } from './ask.ts'

/** Longer than any password may be. */
const LONGEST_INPUT = 8192

/** A password somebody chooses: a line of standard input, or typed twice. @throws Problem `usage` */
export async function newPassword(app: App, fromStdin: boolean): Promise<string> {
  return checkPassword(fromStdin ? await lineOfStdin(app) : await typed(app))
}

async function lineOfStdin({ system }: App): Promise<string> {
  try {
    return (await system.stdin.read(LONGEST_INPUT)).replace(/\r?\n$/, '')
  } catch (error) {
    throw new Problem('usage', `cannot read standard input: ${reasonOf(error)}`)
  }
}

function typed(app: App): Promise<string> {
  const { prompts } = app.system
  return required(app, undefined, '--password-stdin', async () => {
    const password = checkPassword(await prompts.secret('Password:'))
    if ((await prompts.secret('The same again:')) === password) return password
    throw new Problem('usage', 'that was another password', 'nothing changed')
  })
}
