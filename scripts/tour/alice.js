// Loaded before the program, by `node --import`: so it finds alice at the keyboard, at the time that the tour says.
import os from 'node:os'

const now = Number(process.env.TOUR_NOW)

globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [now] : given))
  }

  static now() {
    return now
  }
}

os.userInfo = () => ({ username: 'alice' })
