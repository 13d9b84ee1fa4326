/** What was wanted of late, up to so many: the older half is forgotten at once, but for what is wanted again. */
export class Recent<Value> {
  readonly #half: number
  #newer = new Map<string, Value>()
  #older = new Map<string, Value>()

  constructor(most: number) {
    this.#half = most / 2
  }

  /** How many there are at most. */
  get size(): number {
    return this.#newer.size + this.#older.size
  }

  get(key: string): Value | undefined {
    const newer = this.#newer.get(key)
    if (newer !== undefined) return newer
    const older = this.#older.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: string, value: Value): void {
    if (this.#newer.size >= this.#half) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(key, value)
  }

  delete(key: string): void {
    this.#newer.delete(key)
    this.#older.delete(key)
  }

  clear(): void {
    this.#newer = new Map()
    this.#older = new Map()
  }
}
