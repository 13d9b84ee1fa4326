import { checkPattern } from '../core/permission.ts'
import type { App } from './app.ts'
import { required, text } from './ask.ts'

/**
 * Permissions typed on one line, with blanks between them.
 * @param fewest 0: there need be none
 * @throws Problem `usage` naming the option where nobody is there to ask
 */
export async function permissions(
  app: App,
  option: string,
  message: string,
  fewest: 0 | 1 = 0,
): Promise<string[]> {
  const check = (answer: string): void => {
    if (words(answer).length < fewest) checkPattern(answer)
    words(answer).forEach(checkPattern)
  }
  return words(await required(app, undefined, option, () => text(app, message, check)))
}

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '')
