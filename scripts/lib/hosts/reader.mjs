// Somebody who registers, buys and listens in a browser, whatever is killed meanwhile, and does what people do: opens a page anew
// that did not come, looks among the orders before paying once more, and waits for the sound to go on.
import { randomUUID } from 'node:crypto'
import { wait } from './asking.mjs'
import { slugs } from './shopper.mjs'

/** How long somebody tries one thing, in milliseconds: the shop gives an order up after ten minutes. */
const PATIENCE_MS = 12 * 60_000
/** For what a page is to show, in milliseconds. */
const LOOK_MS = 20_000
const AGAIN_MS = 1000
/** How much of each book is heard, in seconds, and after how many milliseconds of silence the page is opened anew. */
const HEARD_S = 25
const SILENCE_MS = 30_000
const PASSWORD = 'seven green bottles'

export class Reader {
  bought = 0
  /** Seconds of sound that went by. */
  heard = 0
  /** The longest time without any while a book was heard, in milliseconds. */
  silence = 0
  /** What did not go well and was done again: `during what: which step`, and how often. */
  again = new Map()

  constructor(asking, shoppers) {
    this.asking = asking
    this.shoppers = shoppers
  }

  /** One person after the other, until it is enough. */
  async read(name) {
    const { chromium } = await import('@playwright/test')
    const browser = await chromium.launch({
      executablePath: process.env.LECTERN_HOSTS_CHROMIUM || undefined,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--autoplay-policy=no-user-gesture-required'],
    })
    try {
      while (!this.shoppers.over) {
        this.shoppers.people += 1
        const context = await browser.newContext({ baseURL: this.asking.shop, locale: 'en-GB' })
        const page = await context.newPage()
        page.setDefaultTimeout(LOOK_MS)
        await this.#one(page, `${name}-${randomUUID().slice(0, 8)}@example.com`)
        await context.close()
      }
    } finally {
      await browser.close()
    }
  }

  async #one(page, email) {
    let tries = 0
    await this.#until('registering', async () => {
      tries += 1
      // The answer to an earlier try may have been lost.
      if (tries === 1 || !(await this.#comeIn(page, email, '/login', 'Log in').then(() => true, () => false))) {
        await this.#comeIn(page, email, '/register', 'Register')
      }
    })
    const slug = slugs[Math.floor(Math.random() * slugs.length)]
    const number = await this.#until('buying', () => this.#buy(page, slug))
    this.shoppers.bought.push({ number, email, slug })
    this.bought += 1
    const before = { heard: 0 }
    await this.#until('listening', () => this.#listen(page, slug, before))
  }

  /** Does something, and does it again until it goes well. */
  async #until(what, act) {
    const began = Date.now()
    for (;;) {
      try {
        return await act()
      } catch (error) {
        if (Date.now() - began > PATIENCE_MS) throw new Error(`${what} in a browser did not go well in ${PATIENCE_MS / 60_000} minutes: ${error.message}`)
        const where = `${this.asking.during}: ${what} in a browser`
        this.again.set(where, (this.again.get(where) ?? 0) + 1)
        await wait(AGAIN_MS)
      }
    }
  }

  /** Opens a page and waits until it has come to life. */
  async #open(page, path) {
    const answer = await page.goto(path)
    if (answer && answer.status() >= 500) throw new Error(`${answer.status()} to ${path}`)
    await page.locator('html:not([data-waits])').waitFor({ state: 'attached' })
  }

  async #comeIn(page, email, path, button) {
    await this.#open(page, path)
    if (path === '/register') await page.getByLabel('Name', { exact: true }).fill('Ada')
    await page.getByLabel('Email address').fill(email)
    await page.locator('#password').fill(PASSWORD)
    await page.locator('main').getByRole('button', { name: button }).click()
    await page.waitForURL((url) => url.pathname !== path)
  }

  /** Buys a title, or goes on with an order of it that was begun; the number of the order. */
  async #buy(page, slug) {
    await this.#open(page, `/books/${slug}`)
    const title = (await page.getByRole('heading', { level: 1 }).first().innerText()).trim()
    const [chosen, choose] = [page.getByRole('link', { name: 'In your cart' }), page.getByRole('button', { name: 'Add to cart' })]
    await this.#open(page, '/orders')
    const begun = page.locator('main li').filter({ hasText: title }).filter({ hasText: /Waiting for the payment|Paid|Complete/ })
    if ((await begun.count()) > 0) {
      await begun.first().getByRole('link').first().click()
      await page.waitForURL((url) => /^\/orders\/[^/]+$/.test(url.pathname))
    } else {
      await this.#open(page, `/books/${slug}`)
      await chosen.or(choose).first().waitFor()
      if (await choose.isVisible()) {
        await choose.click()
        await chosen.waitFor()
      }
      await this.#open(page, '/checkout')
      await page.getByRole('checkbox', { name: /I lose my right of withdrawal/ }).check()
      await page.getByRole('button', { name: /^Pay / }).click()
      await this.#pay(page)
    }
    return this.#settled(page)
  }

  /** Pays on the bank's page, which leads back to the order. */
  async #pay(page) {
    await page.waitForURL((url) => url.pathname.startsWith('/c/pay/'))
    await page.getByRole('button', { name: 'Pay' }).click()
    await page.waitForURL((url) => /^\/orders\/[^/]+$/.test(url.pathname))
  }

  /** Waits on the page of an order until it is known what became of it. */
  async #settled(page) {
    const path = new URL(page.url()).pathname
    const [done, pay, over] = [
      page.getByRole('heading', { name: 'Thank you' }),
      page.getByRole('link', { name: 'Go on paying' }),
      page.getByRole('heading', { name: /^(Payment declined|Not paid)$/ }),
    ]
    for (const began = Date.now(); Date.now() - began < PATIENCE_MS; ) {
      // As one who comes back from paying.
      await this.#open(page, `${path}?paid=1`)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      if (await done.isVisible()) return decodeURIComponent(path.split('/')[2])
      if (await over.isVisible()) throw new Error('the order was given up')
      if (await pay.isVisible()) {
        // One that was paid a moment ago leads back at once.
        await page.goto(await pay.getAttribute('href'))
        if (new URL(page.url()).pathname.startsWith('/c/pay/')) await this.#pay(page)
      }
      await wait(AGAIN_MS)
    }
    throw new Error('nobody knows what became of the order')
  }

  /** Hears a book for a while; what was heard before the page was opened anew counts. */
  async #listen(page, slug, before) {
    await this.#open(page, `/library/${slug}`)
    const player = page.getByTestId('player')
    await player.getByTestId('play-this').or(player.getByTestId('play')).first().click()
    let [last, moved] = [await this.#place(page), Date.now()]
    while (before.heard < HEARD_S) {
      await wait(500)
      const place = await this.#place(page)
      if (place > last) {
        before.heard += Math.min(place - last, 2)
        this.heard += Math.min(place - last, 2)
        moved = Date.now()
      }
      last = place
      this.silence = Math.max(this.silence, Date.now() - moved)
      if (Date.now() - moved > SILENCE_MS) throw new Error('nothing was heard')
    }
  }

  /** What is heard, in seconds from the beginning of the file. */
  #place(page) {
    return page.evaluate(() => document.querySelector('audio')?.currentTime ?? 0)
  }
}
