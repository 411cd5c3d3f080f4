// A bank that is none of the shop's hosts, with as much of Stripe's API as the shop asks for, so that its books outlive whatever is
// killed: `node bank.mjs ADDRESS PORT PAGES SHOP SECRET`. `POST /c/pay/ID` is a buyer who pays, on the page that
// `GET` shows to a browser; the shop is told by an event, again and again until it takes it. `GET /books` are the charges.
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'

const [address, port, pages, shop, secret] = process.argv.slice(2)
/** How often, and how many milliseconds apart, an event is sent that the shop does not take. */
const [TRIES, AGAIN_MS] = [600, 500]

const sessions = new Map()
/** First answers by the key of what was asked. */
const answered = new Map()
const charges = []

class Refused extends Error {}

function begin(form) {
  let amount = 0
  for (let line = 0; form.has(`line_items[${line}][quantity]`); line += 1) amount += Number(form.get(`line_items[${line}][price_data][unit_amount]`))
  const id = `cs_test_${sessions.size + 1}`
  const session = {
    object: 'checkout.session', id, status: 'open', payment_status: 'unpaid', url: `${pages}/c/pay/${id}`, amount_total: amount,
    currency: form.get('line_items[0][price_data][currency]'), client_reference_id: form.get('client_reference_id'),
    customer: form.get('customer'), success_url: form.get('success_url'), payment_intent: null, metadata: { order: form.get('metadata[order]') },
  }
  sessions.set(id, session)
  return session
}

function open(id) {
  const session = sessions.get(id)
  if (!session) throw new Refused('No such session')
  return session
}

function expire(id) {
  const session = open(id)
  if (session.status !== 'open') throw new Refused('Only open sessions can be expired.')
  return Object.assign(session, { status: 'expired', url: null })
}

function pay(id) {
  const session = open(id)
  if (session.status === 'complete') return session
  if (session.status !== 'open') throw new Refused('This page is closed.')
  const charge = { payment_method_details: { card: { last4: '4242' } } }
  Object.assign(session, {
    status: 'complete', payment_status: 'paid', url: null, customer: session.customer ?? `cus_${id}`,
    payment_intent: { id: `pi_${id}`, status: 'succeeded', latest_charge: charge },
  })
  charges.push({ order: session.metadata.order, attempt: session.client_reference_id, minor: session.amount_total, currency: session.currency })
  tell(session)
  return session
}

async function tell(session) {
  const body = JSON.stringify({
    id: `evt_${session.id}`, object: 'event', type: 'checkout.session.completed', data: { object: { ...session, payment_intent: session.payment_intent.id } },
  })
  for (let tries = 0; tries < TRIES; tries += 1) {
    const time = Math.floor(Date.now() / 1000)
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
    const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` }
    try {
      const answer = await fetch(`${shop}/webhooks/stripe`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) })
      await answer.arrayBuffer()
      if (answer.ok) return
    } catch {
      // The shop is away: it is told again.
    }
    await new Promise((over) => setTimeout(over, AGAIN_MS))
  }
}

/** Does something once for a key, or gives the first answer again. */
function once(key, body, act) {
  const before = answered.get(key)
  if (before && before.body !== body) throw new Refused('Keys are for one request.')
  if (before) return before.answer
  // As it is now: later changes are other answers.
  const answer = structuredClone(act())
  if (key) answered.set(key, { body, answer })
  return answer
}

function answer(request, body) {
  const path = new URL(request.url, shop).pathname
  const [, id, what] = /^\/v1\/checkout\/sessions\/(\w+)(\/expire)?$/.exec(path) ?? []
  if (path === '/books') return charges
  if (path.startsWith('/c/pay/')) return pay(path.slice('/c/pay/'.length))
  if (request.method === 'POST' && path === '/v1/checkout/sessions') {
    return once(request.headers['idempotency-key'], body, () => begin(new URLSearchParams(body)))
  }
  if (id) return what ? expire(id) : open(id)
  throw new Refused(`Unrecognized request URL (${request.method}: ${path})`)
}

/** What a buyer sees in a browser: a button, and afterwards the shop again. `false` for everybody else. */
function shown(request, response) {
  const path = new URL(request.url, shop).pathname
  if (!path.startsWith('/c/pay/') || !request.headers.accept?.includes('text/html')) return false
  const id = path.slice('/c/pay/'.length)
  const session = sessions.get(id)
  if (!session) {
    response.writeHead(404).end()
  } else if (request.method === 'POST' || session.status === 'complete') {
    response.writeHead(303, { location: pay(id).success_url }).end()
  } else {
    const page = `<!DOCTYPE html><title>Bank</title><form method="post"><button>Pay</button></form>`
    response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  }
  return true
}

createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  let said
  try {
    if (shown(request, response)) return
    said = answer(request, body)
  } catch (error) {
    response.statusCode = error instanceof Refused ? 400 : 500
    said = { error: { type: 'invalid_request_error', message: error.message } }
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(said))
}).listen(Number(port), address)
