import type { Duplex } from 'node:stream'
import type pg from 'pg'

/** What the driver does not understand it throws where nobody could catch it: let that be the connection's end instead. */
export function guard({ connection }: pg.Client): void {
  guardStream(connection.stream)
  connection.on('sslconnect', () => guardStream(connection.stream))
}

function guardStream(stream: Duplex): void {
  const emit = stream.emit.bind(stream) as (...event: unknown[]) => boolean
  stream.emit = (...event: unknown[]) => {
    try {
      return emit(...event)
    } catch (error) {
      stream.destroy(error as Error)
      return true
    }
  }
}

/** Says goodbye, and does not wait for an answer that may never come. */
export function hangUp(client: pg.Client): void {
  const { stream } = client.connection
  client.end().catch(() => {})
  stream.end(() => stream.destroy())
}
