// A service of Fastify that asks tokenctl who may. Here: npm run build && node examples/fastify/server.js
// In a project of its own: npm install /path/to/tokenctl fastify. The store is that of TOKENCTL_STORE, or the default one.
import fastify from 'fastify'
import { isProblem, openVerifier } from 'tokenctl'

const verifier = await openVerifier()

/** Lets through whoever's token gives the permission; `request.caller` then says who it is. */
const requires = (permission) => async (request, reply) => {
  // All there are: of several, Fastify itself would show the first.
  const authorization = (request.raw.headersDistinct.authorization ?? []).join(', ')
  const [, token = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  try {
    const verdict = await verifier.verify(token, { permission })
    if (!verdict.valid) return refuse(reply, permission, token === '' ? 'none' : verdict.reason)
    request.caller = verdict
  } catch (error) {
    if (!isProblem(error) || error.kind !== 'unavailable') throw error
    return reply.code(503).header('Retry-After', '1').send()
  }
}

/** RFC 6750, section 3: what was wrong, if there was a token, and no more than that. */
function refuse(reply, permission, reason) {
  const details = {
    none: '',
    forbidden: `, error="insufficient_scope", scope="${permission}"`,
  }
  return reply
    .code(reason === 'forbidden' ? 403 : 401)
    .header('WWW-Authenticate', `Bearer realm="orders"${details[reason] ?? ', error="invalid_token"'}`)
    .send()
}

const app = fastify()
app.decorateRequest('caller', null)

app.get('/orders', { onRequest: requires('select:sales.orders') }, async (request) => {
  return { orders: [], for: request.caller.client }
})

app.addHook('onClose', () => verifier.close())
console.log(`${await app.listen({ port: Number(process.env.PORT ?? 3000), host: '127.0.0.1' })}/orders`)

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close())
