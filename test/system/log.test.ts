import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import { logOn } from '../../src/system/log.ts'
import { until } from '../support/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'tokenctl-'))
const path = join(folder, 'log')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a pipe', () => {
  let pipe = 0
  beforeEach(() => {
    rmSync(path, { force: true })
    spawnSync('mkfifo', [path])
    pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  })

  function read(): string {
    const buffer = Buffer.alloc(1 << 20)
    try {
      return buffer.toString('utf8', 0, readSync(pipe, buffer))
    } catch {
      return ''
    }
  }

  test('takes lines in their order, whole', async () => {
    const log = logOn(pipe)
    for (let i = 0; i < 100; i++) log.write(() => `line ${i} é`)
    await log.close()
    expect(read()).toBe(Array.from({ length: 100 }, (_, i) => `line ${i} é\n`).join(''))
    expect(log.dropped).toBe(0)
    closeSync(pipe)
  })

  test('that nobody reads: what is too much is dropped, counted and not even made; the rest waits', async () => {
    const log = logOn(pipe)
    let made = 0
    for (let i = 0; i < 30_000; i++) {
      log.write(() => {
        made++
        return 'x'.repeat(99)
      })
    }
    expect(log.dropped).toBeGreaterThan(15_000)
    expect(made).toBe(30_000 - log.dropped)
    let received = ''
    await until(() => (received += read()).length >= 100 * made)
    expect(received).toBe(`${'x'.repeat(99)}\n`.repeat(made))
    log.write(() => 'again')
    await log.close()
    expect(read()).toBe('again\n')
    closeSync(pipe)
  })

  test('that nobody reads does not hold up the end', async () => {
    const log = logOn(pipe)
    for (let i = 0; i < 5_000; i++) log.write(() => 'x'.repeat(99))
    await expect(log.close()).resolves.toBeUndefined()
    closeSync(pipe)
  })

  test('whose reader is gone: what is lost is counted', async () => {
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    const writer = openSync(path, constants.O_WRONLY)
    const log = logOn(writer)
    log.write(() => 'first')
    await log.close()
    closeSync(reader)
    closeSync(pipe)
    const after = logOn(writer)
    after.write(() => 'second')
    await after.close()
    expect(after.dropped).toBe(1)
  })
})

test('a file is appended to', async () => {
  const file = join(folder, 'file')
  const descriptor = openSync(file, 'a')
  for (const line of ['one', 'two']) {
    const log = logOn(descriptor)
    log.write(() => line)
    await log.close()
  }
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
  closeSync(descriptor)
})
