import type { Output, System } from '../system.ts'
import { actsForAnother } from './for-another.ts'

/** Puts the text on the clipboard that the person sees, and says in one line what came of it. Never fails. */
export async function copyToClipboard(system: System, text: string): Promise<string> {
  try {
    if (!clipboardIsHere(system)) return await sendToTerminal(system, text)
    await system.clipboard.copy(text)
    return 'copied to the clipboard'
  } catch (error) {
    return `warning: not copied to the clipboard: ${(error as Error).message}`
  }
}

/** Over SSH the clipboard is at the other end; in another's name no helper is run. */
function clipboardIsHere(system: System): boolean {
  const { SSH_CONNECTION, SSH_TTY } = system.environment
  return !actsForAnother(system) && !SSH_CONNECTION && !SSH_TTY && system.clipboard.isLikely
}

/** OSC 52 (xterm's Operating System Commands): the terminal may take it or not, and does not say. */
async function sendToTerminal({ stdout, stderr, environment }: System, text: string): Promise<string> {
  const terminal: Output | undefined = [stderr, stdout].find(({ isTerminal }) => isTerminal)
  if (terminal === undefined || environment.TERM === 'dumb') {
    throw new Error('there is no terminal to send it to')
  }
  await terminal.write(`\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`)
  return "sent to the terminal's clipboard"
}
