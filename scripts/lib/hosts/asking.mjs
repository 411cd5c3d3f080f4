// Requests that are sent again until they are answered by the shop itself, as a program would whose user waits.

/** How long somebody tries, in milliseconds: a purchase that died with its server is taken up again after two minutes. */
const PATIENCE_MS = 5 * 60_000
/** For an answer, in milliseconds. */
const ANSWER_MS = 30_000
const AGAIN_MS = 500
/** What is over once it has been waited for. */
const PASSING = new Set(['idempotency-key-busy', 'busy'])

export const wait = (ms) => new Promise((over) => setTimeout(over, ms))

export class Asking {
  /** What went wrong and was asked again: `during what: why`, and how often. */
  again = new Map()
  requests = 0
  /** Who is away at the moment. */
  during = 'nobody away'

  constructor(shop, bank) {
    this.shop = shop
    this.bank = bank
  }

  #note(why) {
    const what = `${this.during}: ${why}`
    this.again.set(what, (this.again.get(what) ?? 0) + 1)
  }

  /** One try. `undefined` when it has to be made again. */
  async #once(address, init, read) {
    this.requests += 1
    try {
      const answer = await fetch(address, { ...init, signal: AbortSignal.timeout(ANSWER_MS) })
      const body = await read(answer)
      if (answer.status >= 500) {
        this.#note(`${answer.status} to ${init.method ?? 'GET'} ${new URL(address).pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')}`)
        return undefined
      }
      if (answer.status === 429 || (answer.status === 409 && PASSING.has(body?.code))) {
        this.#note(`${answer.status} ${body?.code ?? ''}`)
        return undefined
      }
      return { status: answer.status, headers: answer.headers, body }
    } catch (error) {
      this.#note(error.cause?.code ?? error.name)
      return undefined
    }
  }

  /** The answer of the shop; `tries` says how often it was asked. */
  async #until(address, init, read) {
    const began = Date.now()
    for (let tries = 1; Date.now() - began < PATIENCE_MS; tries += 1) {
      const answer = await this.#once(address, typeof init === 'function' ? init() : init, read)
      if (answer) return { ...answer, tries }
      await wait(AGAIN_MS)
    }
    throw new Error(`${address} was not answered in ${PATIENCE_MS / 1000} s`)
  }

  /** JSON in and out, by an address of the API. */
  ask(method, path, { token, json, form, headers } = {}) {
    const init = () => ({
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(json ? { 'content-type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(json) : form?.(),
    })
    return this.#until(`${this.shop}/api/v1${path}`, init, async (answer) => {
      const text = await answer.text()
      return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    })
  }

  /** As [`ask`], which has to go well. */
  async good(method, path, options) {
    const answer = await this.ask(method, path, options)
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** Bytes `from` to `to` of what is at an address that needs no token. */
  stretch(address, from, to) {
    const headers = { range: `bytes=${from}-${to}` }
    return this.#until(address, { headers }, async (answer) => Buffer.from(await answer.arrayBuffer()))
  }

  /** Pays at the bank, which stands on no host that is killed. */
  async pay(page) {
    const answer = await fetch(new URL(new URL(page).pathname, this.bank), { method: 'POST' })
    if (!answer.ok) throw new Error(`the bank takes no payment at ${page}: ${await answer.text()}`)
    await answer.arrayBuffer()
  }

  /** What the bank has charged. */
  async charges() {
    return (await fetch(new URL('/books', this.bank))).json()
  }
}
