import { text } from 'node:stream/consumers'
import clipboard from 'clipboardy'

/** A program of its own: what comes in goes to the clipboard. */
await clipboard.write(await text(process.stdin))
