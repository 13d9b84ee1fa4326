import { styleText } from 'node:util'

// Questions are asked on stderr: whether that takes styles is what counts, wherever stdout goes.

type Format = Parameters<typeof styleText>[0]

const styled =
  (format: Format) =>
  (text: string): string =>
    styleText(format, text, { stream: process.stderr })

export const bold = styled('bold')
export const cyan = styled('cyan')
export const dim = styled('dim')
export const green = styled('green')
export const inverse = styled('inverse')
