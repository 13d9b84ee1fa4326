import type { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { bearer, exchange, Served, statusesIn } from '../support/http.ts'
import { World } from '../support/world.ts'

const world = new World()
let token = ''
let served: Served
beforeAll(async () => {
  token = await world.ok('client', 'create', 'BI', '--role', 'admin')
  served = await Served.by(world)
})
afterAll(async () => {
  await served.stop()
  await world.end()
})

/** Byte by byte, for as long as it is let. @returns what came until it was cut off */
function trickled(text: string): Promise<string> {
  const socket = served.connection()
  let at = 0
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write(text.charAt(at++ % text.length))
  }, 200)
  return exchange(socket, '').finally(() => clearInterval(timer))
}

/** Asks for ever, and takes no answer. */
function deaf(): Socket {
  const socket = served.connection()
  socket.on('error', () => {})
  socket.pause()
  const request = `GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(50)
  const ask = (): void => {
    if (!socket.destroyed) socket.write(request, () => setImmediate(ask))
  }
  ask()
  return socket
}

const FORM = 'Content-Type: application/x-www-form-urlencoded'

// They are all there at once, and so the slowest of them is as long as it takes.
test('who is slow, silent or deaf is cut off, and good requests are served meanwhile', async () => {
  const idle = Array.from({ length: 500 }, () => exchange(served.connection(), ''))
  const cutOff = Promise.all([
    trickled(`GET /verify HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(100)}`),
    trickled('GET / HTTP/1.1\r\nHost: x\r\n' + 'X-A: b\r\n'.repeat(50)),
    exchange(served.connection(), 'GET /verify HTTP/1.1\r\nHost: x\r\n'),
    exchange(served.connection(), `GET /verify HTTP/1.1\r\nHost: x\r\n\r\nGET /verify HTTP/1.1\r\n`),
    slowBody(),
    ...idle,
  ])
  const lost = deaf()
  const closed = new Promise((resolve) => lost.once('close', resolve))
  const progress = { isOver: false }
  void cutOff.then(() => {
    progress.isOver = true
  })

  let answers = 0
  do {
    const asked = performance.now()
    const { status } = await served.get('/verify', bearer(token))
    // Where the machine itself stood still for as long as the limit, that may be said of anybody.
    const isHeldUp = status === 408 && performance.now() - asked > 4_000
    expect({ status, isHeldUp }).toEqual({ status: isHeldUp ? 408 : 200, isHeldUp })
    if (status === 200) answers++
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (!progress.isOver)
  expect(answers).toBeGreaterThan(10)

  const [dribble, lines, half, second, body, ...silent] = (await cutOff).map(statusesIn)
  expect({ dribble, lines, half, second }).toEqual({
    dribble: [408],
    lines: [408],
    half: [408],
    second: [401, 408],
  })
  expect([[400], [408]]).toContainEqual(body)
  expect(silent).toEqual(silent.map(() => [408]))
  await closed
}, 60_000)

function slowBody(): Promise<string> {
  const head = `POST /introspect HTTP/1.1\r\nHost: x\r\n${FORM}\r\n${bearer(token)}\r\nContent-Length: 5000\r\n\r\n`
  const socket = served.connection()
  socket.write(head)
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write('x')
  }, 200)
  return exchange(socket, 'token=').finally(() => clearInterval(timer))
}
