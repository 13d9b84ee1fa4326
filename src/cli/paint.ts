import type { Style } from './output.ts'

/** Colour says again what the word says; it never says anything alone. */
export type Paint = 'status' | 'warning'

const STATUS_COLORS: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  active: 'green',
  disabled: 'yellow',
  expired: 'red',
  deleted: 'red',
  pending: 'cyan',
}

/** Colours a word where the style has colours at all. */
export async function painter(style: Style): Promise<(text: string, paint: Paint | undefined) => string> {
  if (!style.color) return (text) => text
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  return (text, paint) => {
    const color = paint === 'warning' ? 'yellow' : paint && STATUS_COLORS[text]
    return color === undefined ? text : chalk[color](text)
  }
}

/** For what is said beside the answer. */
export async function grey({ color }: Style, text: string): Promise<string> {
  if (!color) return text
  const { Chalk } = await import('chalk')
  return new Chalk({ level: 1 }).gray(text)
}
