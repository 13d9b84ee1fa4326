import { setTimeout } from 'node:timers/promises'
import { dim } from './emphasis.ts'

/** Waits for Enter, or another key that means as much; the line is then gone. */
export async function pause(message: string, output: NodeJS.WriteStream, signal: AbortSignal): Promise<null> {
  await letBeTyped()
  const { createPrompt, isEnterKey, isSpaceKey, useKeypress } = await import('@inquirer/core')
  const enter = createPrompt<null, object>((_, done) => {
    useKeypress((key) => {
      if (isEnterKey(key) || isSpaceKey(key) || key.name === 'escape') done(null)
    })
    return dim(message)
  })
  return enter({}, { output, signal, clearPromptOnDone: true })
}

/**
 * What is typed until it is asked is no answer: what is to be read, perhaps a secret, has not been seen yet. A prompt of
 * this library drops what was typed before it began, and nobody reads within a moment.
 */
async function letBeTyped(): Promise<void> {
  // Otherwise it would be shown.
  process.stdin.setRawMode(true)
  await setTimeout(A_MOMENT)
}

const A_MOMENT = 50 // milliseconds
