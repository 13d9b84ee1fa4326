// A service of Express that asks tokenctl who may. Here: npm run build && node examples/express/server.js
// In a project of its own: npm install /path/to/tokenctl express. The store is that of TOKENCTL_STORE, or the default one.
import express from 'express'
import { isProblem, openVerifier } from 'tokenctl'

const verifier = await openVerifier()

/** Lets through whoever's token gives the permission; `request.caller` then says who it is. */
const requires = (permission) => async (request, response, next) => {
  // All there are: of several, Express itself would show the first.
  const authorization = (request.headersDistinct.authorization ?? []).join(', ')
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  try {
    const verdict = await verifier.verify(token, { permission })
    if (!verdict.valid) return refuse(response, permission, token === '' ? 'none' : verdict.reason)
    request.caller = verdict
  } catch (error) {
    if (!isProblem(error) || error.kind !== 'unavailable') return next(error)
    return response.status(503).set('Retry-After', '1').end()
  }
  next()
}

/** RFC 6750, section 3: what was wrong, if there was a token, and no more than that. */
function refuse(response, permission, reason) {
  const details = {
    none: '',
    forbidden: `, error="insufficient_scope", scope="${permission}"`,
  }
  response
    .status(reason === 'forbidden' ? 403 : 401)
    .set('WWW-Authenticate', `Bearer realm="orders"${details[reason] ?? ', error="invalid_token"'}`)
    .end()
}

const app = express()

app.get('/orders', requires('select:sales.orders'), (request, response) => {
  response.json({ orders: [], for: request.caller.client })
})

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/orders`)
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => verifier.close()))
