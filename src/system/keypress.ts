/** A key, as readline names it. */
export interface Key {
  readonly name?: string
  readonly ctrl?: boolean
}

/**
 * Tells of each key that is pressed while a question is asked, before what is asked later hears of it.
 * @returns stops that
 */
export function hearKeys(input: NodeJS.ReadableStream, told: (key: Key) => void): () => void {
  const hear = (_: unknown, key: Key | undefined): void => told(key ?? {})
  input.on('keypress', hear)
  return () => {
    input.off('keypress', hear)
  }
}
