/** For the tokens in the order in which they are first seen. None was ever one of somebody's. */
const MADE_UP = [
  'tkc_7fQ2mWc01xYz',
  'tkc_Kd93nVtR5bLq',
  'tkc_0hXw8ZsJ4cGe',
  'tkc_mP6yTa2NfUe1',
  'tkc_Qz1vB7oHdS3k',
  'tkc_Yr5jE0gWiC9t',
  'tkc_3uDx6KpMv8Af',
]

const TOKEN = /tkc_[0-9A-Za-z]{61}/

/** What is said, typed and seen, in the order of the tour. */
export class Page {
  #machine
  #parts = []
  /** The made-up ID of each real one. */
  #ids = new Map()

  constructor(machine) {
    this.#machine = machine
  }

  /** @returns Markdown */
  get text() {
    return `${this.#parts.join('\n\n')}\n`
  }

  says(text) {
    this.#parts.push(text.trim())
  }

  /**
   * Lines typed at a prompt, and what was seen there.
   * @param answers at each question: what is waited for, and the keys
   * @returns the token given out there, or null
   */
  async runs(lines, { answers = [], exit = 0 } = {}) {
    const terminal = this.#machine.terminal([lines].flat())
    for (const [question, keys] of answers) await terminal.answer(question, keys)
    const code = await terminal.end()
    if (code !== exit) throw new Error(`exit ${code}, not ${exit}:\n${terminal.text}`)
    this.shows('console', terminal.text)
    return TOKEN.exec(terminal.text)?.[0] ?? null
  }

  shows(kind, seen) {
    this.#parts.push(`\`\`\`${kind}\n${this.#madeUp(seen)}\n\`\`\``)
  }

  /** Each real ID is replaced by the same made-up one, and of a secret there is nothing but the ID. */
  #madeUp(seen) {
    return this.#machine
      .asItsOwn(seen)
      .replace(/(tkc_[0-9A-Za-z]{12})([0-9A-Za-z]{49})?/g, (_, id, secret) => {
        if (!this.#ids.has(id))
          this.#ids.set(id, MADE_UP[this.#ids.size] ?? fail('there are more tokens than names'))
        return `${this.#ids.get(id)}${secret === undefined ? '' : '…'}`
      })
  }
}

function fail(why) {
  throw new Error(why)
}
