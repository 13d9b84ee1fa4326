import { setTimeout } from 'node:timers/promises'
import { dim } from './emphasis.ts'

/** Waits for Enter, or another key that means as much; the line is then gone. */
export async function pause(message: string, output: NodeJS.WriteStream, signal: AbortSignal): Promise<null> {
  await dropTyped()
  const { createPrompt, isEnterKey, isSpaceKey, useKeypress } = await import('@inquirer/core')
  const enter = createPrompt<null, object>((_, done) => {
    useKeypress((key) => {
      if (isEnterKey(key) || isSpaceKey(key) || key.name === 'escape') done(null)
    })
    return dim(message)
  })
  return enter({}, { output, signal, clearPromptOnDone: true })
}

/** What was typed before it was asked is no answer: what is to be read, perhaps a secret, has not been seen yet. */
async function dropTyped(): Promise<void> {
  const { stdin } = process
  const drop = (): void => {}
  stdin.setRawMode(true)
  stdin.on('data', drop)
  await setTimeout(A_MOMENT)
  stdin.off('data', drop)
}

/** Milliseconds in which what is waiting is read. */
const A_MOMENT = 50
