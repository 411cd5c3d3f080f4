// Somebody who registers, buys titles and listens to each to its end, whatever is killed meanwhile. What was sent twice has to
// be bought once, and what is heard has to be the file that the shop was filled with.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { wait } from './asking.mjs'

const STRETCH = 256 * 1024
/** How long an order may be open whose payment nobody saw to its end, in milliseconds: the shop gives it up after ten minutes. */
const OPEN_MS = 12 * 60_000
/** Titles that each person buys. */
const EACH = 2

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex')
const audio = new URL('../../../seed/audio/', import.meta.url)
/** The sound of each sample title, by its slug. */
const sounds = new Map(readdirSync(audio).map((name) => [name.replace(/\.[^.]+$/, ''), readFileSync(new URL(name, audio))]))

export const slugs = [...sounds.keys()]

export class Shoppers {
  people = 0
  /** Orders that were paid: `{ number, email, slug }`. */
  bought = []
  /** Purchases that the shop refused or gave up, with its reason; each was made again under a new key. */
  refused = []
  /** Purchases that were sent more than once until they were answered. */
  sentAgain = 0
  bytes = 0
  over = false

  constructor(asking) {
    this.asking = asking
  }

  /** One person after the other, until it is enough. */
  async shop(name) {
    while (!this.over) {
      this.people += 1
      const email = `${name}-${this.people}-${randomUUID().slice(0, 8)}@example.com`
      const token = await this.#register(email)
      const titles = [...sounds.keys()].sort(() => Math.random() - 0.5).slice(0, EACH)
      for (const slug of titles) {
        await this.#buy(email, token, slug)
        await this.#listen(token, slug)
      }
    }
  }

  async #register(email) {
    const person = { email, password: 'seven green bottles' }
    const made = await this.asking.ask('POST', '/auth/register', { json: { name: 'Ada', ...person } })
    if (made.status < 300) return made.body.access_token
    // The answer to an earlier try was lost.
    if (made.tries === 1) throw new Error(`nobody could register: ${made.status} ${JSON.stringify(made.body)}`)
    return (await this.asking.good('POST', '/auth/login', { json: person })).access_token
  }

  /** Buys a title; a purchase that the shop gave up is made once more, under a key of its own. */
  async #buy(email, token, slug) {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const added = await this.asking.ask('POST', '/cart/add', { token, json: { audiobook: slug } })
      if (added.status >= 400) throw new Error(`${slug} does not go into the cart: ${JSON.stringify(added.body)}`)
      const { total, withdrawal } = added.body.cart
      const purchase = {
        token,
        headers: { 'Idempotency-Key': randomUUID() },
        json: { total, withdrawal: withdrawal.version },
      }
      const answer = await this.asking.ask('POST', '/checkout', purchase)
      if (answer.tries > 1) this.sentAgain += 1
      const order = answer.status === 201 ? await this.#settled(token, answer.body) : undefined
      if (order?.status === 'fulfilled') {
        const again = await this.asking.good('POST', '/checkout', purchase)
        if (again.number !== order.number) throw new Error(`one key bought ${order.number} and ${again.number}`)
        this.bought.push({ number: order.number, email, slug })
        return
      }
      const why = order ? order.status : `${answer.status} ${answer.body?.code}`
      if (!order && !answer.body?.detail) throw new Error(`a purchase was refused without a reason: ${why}`)
      this.refused.push(`${why}, while ${this.asking.during}`)
    }
    throw new Error(`${slug} could not be bought in three attempts: ${this.refused.slice(-3).join('; ')}`)
  }

  /** An order, paid at the bank as soon as it is known where, once it is known what became of it. */
  async #settled(token, order) {
    const began = Date.now()
    let paid = false
    while (order.status === 'pending' || order.status === 'paid') {
      if (Date.now() - began > OPEN_MS) throw new Error(`${order.number} is ${order.status} after ${OPEN_MS / 60_000} minutes`)
      if (order.pay_at && !paid) {
        await this.asking.pay(order.pay_at)
        paid = true
      } else {
        await wait(500)
      }
      order = await this.asking.good('GET', `/orders/${order.number}`, { token })
    }
    return order
  }

  async #listen(token, slug) {
    const sound = sounds.get(slug)
    const book = await this.asking.good('GET', `/my-books/${slug}`, { token })
    const [part] = book.parts
    if (book.parts.length !== 1 || part.size !== sound.length) throw new Error(`${slug} is not what was seeded`)
    const heard = []
    for (let from = 0; from < sound.length; from += STRETCH) {
      const to = Math.min(from + STRETCH, sound.length) - 1
      const { status, headers, body } = await this.asking.stretch(part.stream, from, to)
      const range = headers.get('content-range')
      if (status !== 206 || range !== `bytes ${from}-${to}/${sound.length}`) throw new Error(`${slug}: ${status} ${range} for ${from}-${to}`)
      heard.push(body)
    }
    const whole = Buffer.concat(heard)
    if (sha256(whole) !== sha256(sound)) throw new Error(`${slug} was heard otherwise than it was seeded`)
    this.bytes += whole.length
    const here = { position_ms: Math.floor(part.duration_ms / 2), taken_at: new Date().toISOString() }
    await this.asking.good('PUT', `/my-books/${slug}/position`, { token, json: here })
  }
}
