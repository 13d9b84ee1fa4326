import { dim } from './emphasis.ts'

/** Waits for Enter, or another key that means as much; the line is then gone. */
export async function pause(message: string, output: NodeJS.WriteStream, signal: AbortSignal): Promise<null> {
  const { createPrompt, isEnterKey, isSpaceKey, useKeypress } = await import('@inquirer/core')
  const enter = createPrompt<null, object>((_, done) => {
    useKeypress((key) => {
      if (isEnterKey(key) || isSpaceKey(key) || key.name === 'escape') done(null)
    })
    return dim(message)
  })
  return enter({}, { output, signal, clearPromptOnDone: true })
}
