// An admin who uploads recordings, a few at a time, and waits until each is heard and described.
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { wait } from './asking.mjs'

/** Nine seconds of a story. */
const story = readFileSync(new URL('../../../sound/tests/the-light.m4b', import.meta.url))
const AT_ONCE = 2
/** After the last kill each is done by then, in milliseconds. */
const DONE_MS = 10 * 60_000

/** The story, and behind it what no player looks at, in a box of its own: no two are equal. */
function recording() {
  const more = randomBytes(300_000 + Math.floor(Math.random() * 700_000))
  const head = Buffer.alloc(8)
  head.writeUInt32BE(more.length + 8)
  head.write('free', 4)
  return Buffer.concat([story, head, more])
}

export class Office {
  /** Titles whose recording the shop has taken: `{ id, sha256 }`. */
  taken = []
  /** Uploads that were sent more than once. */
  sentAgain = 0
  over = false

  constructor(asking, password) {
    this.asking = asking
    this.person = { email: 'admin@example.com', password }
  }

  async upload() {
    this.token = (await this.asking.good('POST', '/auth/login', { json: this.person })).access_token
    while (!this.over) {
      if ((await this.#unfinished()).length >= AT_ONCE) await wait(500)
      else await this.#send()
    }
  }

  async #send() {
    const bytes = recording()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const form = () => {
      const form = new FormData()
      form.set('title', `The Light ${this.taken.length + 1}`)
      form.set('sha256', sha256)
      form.set('file', new Blob([bytes], { type: 'audio/mp4' }), 'the-light.m4b')
      return form
    }
    const answer = await this.asking.ask('POST', '/audiobooks/upload', { token: this.token, form })
    if (answer.tries > 1) this.sentAgain += 1
    if (answer.status >= 300) throw new Error(`a recording was not taken: ${answer.status} ${JSON.stringify(answer.body)}`)
    this.taken.push({ id: answer.body.audiobook_id, sha256 })
  }

  #production({ id }) {
    return this.asking.good('GET', `/audiobooks/${id}/production`, { token: this.token })
  }

  async #unfinished() {
    const open = this.taken.filter((title) => !title.done)
    for (const title of open) title.done = (await this.#production(title)).state === 'done'
    return open.filter((title) => !title.done)
  }

  /** Waits for the last ones, and looks at what came of each. */
  async settle() {
    const began = Date.now()
    for (;;) {
      const open = await this.#unfinished()
      if (open.length === 0) break
      if (Date.now() - began > DONE_MS) throw new Error(`not done: ${JSON.stringify(await this.#production(open[0]))}`)
      await wait(1000)
    }
    const told = new Set()
    for (const { id, sha256 } of this.taken) {
      const parts = await this.asking.good('GET', `/audiobooks/${id}/parts`, { token: this.token })
      const kept = parts.items.map((part) => part.sha256)
      if (kept.length !== 1 || kept[0] !== sha256) throw new Error(`title ${id} has the parts ${kept} and not ${sha256}`)
      const transcript = await this.asking.good('GET', `/audiobooks/${id}/transcript`, { token: this.token })
      told.add(transcript.items.map((sentence) => sentence.text).join(' '))
    }
    if (told.size > 1 || told.has('')) throw new Error(`the same story was told differently: ${JSON.stringify([...told])}`)
  }
}
