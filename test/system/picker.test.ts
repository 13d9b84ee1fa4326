import { PassThrough } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from '@jest/globals'
import { pick } from '../../src/system/picker.ts'
import type { Choice, Page } from '../../src/system/prompts.ts'
import { CTRL_U, DOWN, ENTER, ESC, UP } from '../support/keys.ts'
import { TOKEN } from '../support/process.ts'

const CREATE = 'create'

/** A list in the hands of a test, which says when something is found. */
class Hands {
  readonly input = new PassThrough()
  readonly screen = Object.assign(new PassThrough(), { columns: 80, rows: 24, end: () => undefined })
  drawn = ''
  readonly chosen: Promise<string | null>
  #names: readonly string[]
  readonly #waiting: (() => void)[] = []

  constructor(names: readonly string[], bookmark = { search: '', name: '' }) {
    this.#names = names
    this.screen.on('data', (data: Buffer) => (this.drawn += data.toString()))
    const picker = {
      message: 'Client:',
      keys: { enter: 'open', escape: 'leave' },
      echo: false,
      bookmark,
      find: (search: string) => this.#find(search),
    }
    const { signal } = new AbortController()
    const screen = this.screen as unknown as NodeJS.WriteStream
    this.chosen = pick(picker, screen, signal, this.input).then((choice) => choice?.value ?? null)
  }

  /** Something is looked for. */
  async areReady(): Promise<void> {
    while (this.#waiting.length === 0) await setTimeout(5)
  }

  /** Types, a key after the other, as a terminal sends them. */
  async type(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.input.write(key)
      // Esc is told from the beginning of another key by what does not come after it.
      await setTimeout(key === ESC ? 600 : 5)
    }
  }

  /** What was asked for is found. */
  async load(): Promise<void> {
    for (const found of this.#waiting.splice(0)) found()
    await setTimeout(5)
  }

  /** There are others now, and the window changes. */
  async change(...names: readonly string[]): Promise<void> {
    this.#names = names
    this.screen.columns++
    this.screen.emit('resize')
    await setTimeout(5)
    await this.load()
  }

  /** What it has come to, or that nothing is chosen yet. */
  outcome(): Promise<string | null> {
    return Promise.race([this.chosen, setTimeout(20, 'nothing yet')])
  }

  async #find(search: string): Promise<Page> {
    await new Promise<void>((found) => this.#waiting.push(found))
    const choices = this.#names.filter((name) => name.includes(search)).map(choice)
    return { title: '', header: '', choices, fixed: [choice(CREATE)], remark: '' }
  }
}

const choice = (name: string): Choice => ({ value: name, line: name, name })

describe('what is chosen is what was seen, however fast somebody types', () => {
  let hands: Hands
  beforeEach(async () => {
    hands = new Hands(['alpha', 'web-a', 'web-b'])
    await hands.areReady()
  })

  test('Enter chooses where the pointer is', async () => {
    await hands.load()
    await hands.type(DOWN, ENTER)
    expect(await hands.chosen).toBe('web-a')
  })

  test('Enter before it is found chooses the first that belongs to the words typed', async () => {
    await hands.load()
    await hands.type('w', 'e', 'b', '-', 'b', ENTER)
    expect(await hands.outcome()).toBe('nothing yet')
    await hands.load()
    expect(await hands.chosen).toBe('web-b')
  })

  test('Esc takes that Enter back, and nothing else', async () => {
    await hands.load()
    await hands.type('w', 'e', 'b', ENTER, ESC)
    await hands.load()
    expect(await hands.outcome()).toBe('nothing yet')
    expect(hands.drawn).toContain('Client: web')
    await hands.type(ENTER)
    expect(await hands.chosen).toBe('web-a')
  })

  test.each([
    ['an arrow', DOWN],
    ['another letter', '-'],
    ['the line taken back', CTRL_U],
  ])('so does %s', async (_, key) => {
    await hands.load()
    await hands.type('w', 'e', 'b', ENTER, key)
    await hands.load()
    expect(await hands.outcome()).toBe('nothing yet')
  })

  test('what is always there is not chosen before it was pointed at', async () => {
    await hands.load()
    await hands.type('n', 'e', 'w', ENTER)
    await hands.load()
    expect(await hands.outcome()).toBe('nothing yet')
    await hands.type(ENTER)
    expect(await hands.chosen).toBe(CREATE)
  })

  test('arrows before anything is there count', async () => {
    await hands.type(DOWN, DOWN, ENTER)
    await hands.load()
    expect(await hands.outcome()).toBe('nothing yet')
    await hands.type(ENTER)
    expect(await hands.chosen).toBe('web-b')
  })

  test('Enter before anything is there chooses where one was the last time', async () => {
    const again = new Hands(['alpha', 'web-a', 'web-b'], { search: '', name: 'web-b' })
    await again.areReady()
    await again.type(ENTER)
    await again.load()
    expect(await again.chosen).toBe('web-b')
  })

  test('no arrow leads out of the list, nor to what is always there and was not seen', async () => {
    await hands.load()
    await hands.type('w', DOWN, DOWN, DOWN)
    await hands.load()
    await hands.type(ENTER)
    expect(await hands.chosen).toBe('web-b')
  })

  test('the pointer stays with its choice when the list is read again', async () => {
    await hands.load()
    await hands.type(DOWN)
    await hands.change('aaa', 'alpha', 'web-a')
    await hands.type(ENTER)
    expect(await hands.chosen).toBe('web-a')
  })

  test('and is nowhere if that is gone', async () => {
    await hands.load()
    await hands.type(DOWN)
    await hands.change('alpha', 'web-b')
    await hands.type(ENTER)
    expect(await hands.outcome()).toBe('nothing yet')
    await hands.type(UP, ENTER)
    expect(await hands.chosen).toBe('alpha')
  })

  test('Esc leaves', async () => {
    await hands.load()
    await hands.type(ESC)
    expect(await hands.chosen).toBeNull()
  })

  test('a secret that is pasted there is not shown', async () => {
    const secret = `tkc_${'7'.repeat(61)}`
    expect(secret).toMatch(TOKEN)
    await hands.load()
    await hands.type(secret)
    expect(hands.drawn).toContain(`tkc_${'7'.repeat(12)}${'*'.repeat(49)}`)
    expect(hands.drawn).not.toContain('7'.repeat(20))
  })
})
