// A service of Hono that asks tokenctl who may. Here: npm run build && node examples/hono/server.js
// In a project of its own: npm install /path/to/tokenctl hono @hono/node-server. The store is that of TOKENCTL_STORE, or the
// default one.
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { isProblem, openVerifier } from 'tokenctl'

const verifier = await openVerifier()

/** Lets through whoever's token gives the permission; `context.get('caller')` then says who it is. */
const requires = (permission) => async (context, next) => {
  // Of several headers this is all of them, with commas, and so no token.
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(context.req.header('Authorization') ?? '') ?? []
  try {
    const verdict = await verifier.verify(token, { permission })
    if (!verdict.valid) return refuse(context, permission, token === '' ? 'none' : verdict.reason)
    context.set('caller', verdict)
  } catch (error) {
    if (!isProblem(error) || error.kind !== 'unavailable') throw error
    return context.body(null, 503, { 'Retry-After': '1' })
  }
  await next()
}

/** RFC 6750, section 3: what was wrong, if there was a token, and no more than that. */
function refuse(context, permission, reason) {
  const details = {
    none: '',
    forbidden: `, error="insufficient_scope", scope="${permission}"`,
  }
  return context.body(null, reason === 'forbidden' ? 403 : 401, {
    'WWW-Authenticate': `Bearer realm="orders"${details[reason] ?? ', error="invalid_token"'}`,
  })
}

const app = new Hono()

app.get('/orders', requires('select:sales.orders'), (context) => {
  return context.json({ orders: [], for: context.get('caller').client })
})

const options = { fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: '127.0.0.1' }
const server = serve(options, ({ port }) => console.log(`http://127.0.0.1:${port}/orders`))

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => verifier.close()))
