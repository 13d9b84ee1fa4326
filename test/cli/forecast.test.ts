import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from '@jest/globals'
import widthOf from 'string-width'
import { drawBars } from '../../src/cli/bars.ts'
import { forecastText } from '../../src/cli/forecast-view.ts'
import type { Style } from '../../src/cli/output.ts'
import { type Due, type Forecast, weeksFrom } from '../../src/core/forecast.ts'

const NOW = Date.UTC(2026, 2, 1, 12)
const STYLE: Style = { forPeople: true, color: false, columns: 80, now: NOW }
const NONE: Due = { tokens: 0, first: [] }

const forecastOf = (weeks: readonly number[], some: Due = NONE): Forecast => ({
  from: NOW,
  until: NOW + 90 * 86_400_000,
  tokens: 1_000_000,
  weeks: weeksFrom(NOW).map((week, i) => ({ ...week, tokens: weeks[i] ?? 0 })),
  due: { expiring: some, neverExpiring: some, unused: some, neverUsed: some },
})

const shown = (forecast: Forecast, style: Partial<Style> = {}): Promise<string> =>
  forecastText({ ...STYLE, ...style }, forecast, { role: null, scope: null }, '█')

describe('a bar', () => {
  const lengths = (room: number, ...amounts: number[]): number[] =>
    drawBars(
      amounts.map((amount) => ({ label: 'a week', shortLabel: 'week', amount })),
      room,
      '#',
      widthOf,
    ).map(({ blocks }) => blocks.length)

  test.each<[what: string, room: number, amounts: number[], lengths: number[]]>([
    ['is a block for each, where there is room', 40, [0, 1, 5, 29], [0, 1, 5, 29]],
    ['reaches the edge', 19, [9, 1], [9, 1]],
    ['stands for more, where there is not', 19, [10, 5, 1, 0], [8, 4, 1, 0]],
    ['is there for one among thousands', 30, [100_000, 1, 50_000, 0], [15, 1, 8, 0]],
    ['is left out where there is none to draw', 6, [5, 0], [0, 0]],
    ['is nothing where nothing is', 40, [0, 0], [0, 0]],
  ])('%s', (_, room, amounts, expected) => {
    expect(lengths(room, ...amounts)).toEqual(expected)
  })
})

describe('a forecast on a terminal', () => {
  test('names the weeks by their dates', async () => {
    const [title, ...lines] = (await shown(forecastOf([2, 0, 1], { tokens: 1, first: [] }))).split('\n')
    expect(title).toBe('tokens that expire within 90 days, by week')
    expect(lines.slice(0, 4)).toEqual([
      ' 1 Mar –  7 Mar  ██ 2',
      ' 8 Mar – 14 Mar  0',
      '15 Mar – 21 Mar  █ 1',
      '22 Mar – 28 Mar  0',
    ])
    expect(lines[12]).toBe('24 May – 30 May  0')
  })

  test('has the weeks that are due in a colour, as the words below them say', async () => {
    const text = await shown(forecastOf([2, 1, 1], { tokens: 3, first: [] }), { color: true })
    expect(text).toContain(' 1 Mar –  7 Mar  \u001b[33m██\u001b[39m 2\n')
    expect(text).toContain(' 8 Mar – 14 Mar  \u001b[33m█\u001b[39m 1\n')
    expect(text).toContain('15 Mar – 21 Mar  █ 1\n')
    expect(text).toContain('\u001b[33m3 tokens expire within 14 days\u001b[39m\n')
  })

  test('fits every width, but for the commands, which are whole', async () => {
    const amounts = fc.array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1_000_000 })), {
      minLength: 13,
      maxLength: 13,
    })
    await fc.assert(
      fc.asyncProperty(
        amounts,
        fc.integer({ min: 20, max: 200 }),
        fc.boolean(),
        async (weeks, columns, color) => {
          const forecast = forecastOf(weeks, { tokens: 1_000_000, first: [] })
          const lines = stripVTControlCharacters(await shown(forecast, { columns, color })).split('\n')
          const wide = lines.filter((line) => widthOf(line) > columns)
          expect(wide.filter((line) => !line.startsWith('all of them: '))).toEqual([])
          expect(lines.filter((line) => line.startsWith('all of them: tokenctl token list --'))).toHaveLength(
            4,
          )
          const counts = lines.flatMap((line) => /^[ 123]\d (?:Mar|Apr|May) .*?(\d+)$/.exec(line)?.[1] ?? [])
          expect(counts).toEqual(weeks.some((count) => count > 0) ? weeks.map(String) : [])
        },
      ),
    )
  })
})
