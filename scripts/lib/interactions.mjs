// How long it takes until one sees that something was touched, on a processor that is four times slower: `interactions.mjs ADDRESS
// [RUNS]`, the longest interaction of each kind (what INP is made of), medians of so many runs (5). Every page is fresh: it
// sleeps, and what is touched wakes it where it has to.
import { chromium } from '@playwright/test'

const [address, runs = '5'] = process.argv.slice(2)
const book = '/books/the-bell-at-north-rock'
const SLOWER = 4

/** What is done, and on which page. */
const KINDS = {
  'open the menu': ['/', (page) => page.locator('header details:visible summary').click()],
  'type into the search of the header': ['/', (page) => page.getByLabel('Search for a title, author or narrator').pressSequentially('fenw')],
  'type into the search of the list': ['/browse', (page) => page.getByLabel('Search', { exact: true }).pressSequentially('bell')],
  'add to the cart': [book, (page) => page.getByRole('button', { name: 'Add to cart' }).click()],
  'play the sample': [book, (page) => page.getByRole('button', { name: 'Play the sample' }).click()],
  'press a word': [book, (page) => page.locator('.sounds ~ p .word').nth(3).click()],
  'open and close the menu while the page wakes': [
    book,
    async (page) => {
      await page.locator('.sounds ~ p .word').nth(3).click()
      const menu = page.locator('header details:visible summary')
      for (let press = 0; press < 20; press += 1) {
        await menu.click()
        await page.waitForTimeout(100)
      }
    },
  ],
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

/** Tells of every interaction, also of the last before a page is left. Shorter ones than 16 ms are not told. */
const observe = () => {
  const tell = (entries) => entries.forEach((entry) => entry.interactionId && self.touched(entry.duration))
  const observer = new PerformanceObserver((seen) => tell(seen.getEntries()))
  observer.observe({ type: 'event', durationThreshold: 16, buffered: true })
  addEventListener('pagehide', () => tell(observer.takeRecords()))
}

async function longest(browser, path, act) {
  const context = await browser.newContext({ viewport: { width: 412, height: 823 } })
  const page = await context.newPage()
  const took = []
  await page.exposeFunction('touched', (duration) => took.push(duration))
  await page.addInitScript(observe)
  const session = await context.newCDPSession(page)
  await page.goto(`${address}${path}`, { waitUntil: 'networkidle' })
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
  await act(page)
  await page.waitForTimeout(2000)
  await context.close()
  return Math.max(0, ...took)
}

const sampled = async () => {
  const answer = await fetch(`${address}/api/catalog/product?slug=${book.split('/').at(-1)}`)
  return Boolean((await answer.json()).detail?.sample)
}
for (let tries = 0; tries < 120 && !(await sampled()); tries += 1) await new Promise((done) => setTimeout(done, 1000))

const browser = await chromium.launch({ executablePath: process.env.LECTERN_CHROMIUM || undefined, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const [kind, [path, act]] of Object.entries(KINDS)) {
    const seen = []
    for (let run = 0; run < Number(runs); run += 1) seen.push(await longest(browser, path, act))
    console.log(`  ${kind.padEnd(46)} ${String(median(seen)).padStart(5)} ms`)
  }
} finally {
  await browser.close()
}
