/** What a handler gets to see of a request, and no more. */
export interface Request {
  readonly method: string
  /** As it stands in the request line. */
  readonly target: string
  /** Names and values in turn, as they came: nothing joined, nothing left out. */
  readonly rawHeaders: readonly string[]
  /** All of it. @throws Fault where it is too long, or does not come to its end */
  readonly body: () => Promise<Uint8Array>
}

export interface Response {
  readonly status: number
  /** Names and values in turn, of which `Content-Length` and `Cache-Control` are none. */
  readonly headers: readonly string[]
  readonly body: string
}

/** Why a request was refused, or could not be answered: for the log, never for who asked. */
export interface Refusal {
  readonly reason: string
  /** The public ID of what was presented, if it was a token at all. */
  readonly token?: string | undefined
  readonly permission?: string | undefined
  readonly scope?: string | undefined
  /** What failed, in words that may come from outside. */
  readonly cause?: string | undefined
}

export interface Answer {
  readonly response: Response
  readonly refusal: Refusal | null
}

/** A request that is wrong in itself, whoever sends it. */
export class Fault extends Error {
  readonly status: number

  /** @param message of fixed words: nothing of the request */
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const TEXT = ['Content-Type', 'text/plain; charset=utf-8'] as const

export const ok = (headers: readonly string[] = [], body = ''): Answer => ({
  response: { status: 200, headers, body },
  refusal: null,
})

/** One short line, of fixed words. */
export const refused = (
  status: number,
  text: string,
  headers: readonly string[],
  refusal: Refusal,
): Answer => ({ response: { status, headers: [...TEXT, ...headers], body: `${text}\n` }, refusal })

/** The only value that stands under a name, in whatever case; null: none. @throws Fault where there are more */
export function onlyHeader(rawHeaders: readonly string[], lowerCased: string): string | null {
  let found: string | null = null
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    if (name.length !== lowerCased.length || name.toLowerCase() !== lowerCased) continue
    if (found !== null) throw new Fault(400, `more than one header ${lowerCased}`)
    found = rawHeaders[i + 1] ?? ''
  }
  return found
}
