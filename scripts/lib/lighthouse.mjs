// What Lighthouse says of the shop on a poor phone: `lighthouse.mjs ADDRESS [RUNS]`, medians of so many runs (5). The page
// to listen on is one's own: a person is made up, who buys the title first.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import lighthouse from 'lighthouse'

const [address, runs = '5'] = process.argv.slice(2)
const title = 'the-bell-at-north-rock'

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function measure(port, path) {
  const seen = []
  for (let run = 0; run < Number(runs); run += 1) {
    const flags = { port, logLevel: 'error', onlyCategories: ['performance'] }
    const { lhr } = await lighthouse(`${address}${path}`, flags)
    if (lhr.runtimeError) throw new Error(`${path}: ${lhr.runtimeError.message}`)
    if (new URL(lhr.finalDisplayedUrl).pathname !== path) throw new Error(`${path} led to ${lhr.finalDisplayedUrl}`)
    const figure = (audit) => lhr.audits[audit].numericValue
    seen.push({
      score: lhr.categories.performance.score * 100,
      fcp: figure('first-contentful-paint'),
      lcp: figure('largest-contentful-paint'),
      blocked: figure('total-blocking-time'),
      moved: figure('cumulative-layout-shift'),
      bytes: figure('total-byte-weight'),
    })
  }
  const of = (key) => median(seen.map((one) => one[key]))
  const columns = [
    path.padEnd(34),
    of('score').toFixed(0).padStart(6),
    (of('fcp') / 1000).toFixed(2).padStart(7),
    (of('lcp') / 1000).toFixed(2).padStart(7),
    of('blocked').toFixed(0).padStart(7),
    of('moved').toFixed(3).padStart(7),
    (of('bytes') / 1000).toFixed(0).padStart(7),
  ]
  console.log(`  ${columns.join(' ')}`)
}

/** Somebody who owns the title. */
async function buy(browser) {
  const page = await browser.newPage()
  const go = async (path) => {
    await page.goto(`${address}${path}`)
    await page.locator('html').dispatchEvent('wake')
    await page.locator('html:not([data-waits])').waitFor({ state: 'attached' })
  }
  await go('/register')
  await page.getByLabel('Name', { exact: true }).fill('Lighthouse')
  await page.getByLabel('Email address').fill(`lighthouse-${Date.now()}@example.com`)
  await page.locator('#password').fill('seven green bottles in a row')
  await page.locator('main').getByRole('button', { name: 'Register' }).click()
  await page.waitForURL((url) => url.pathname !== '/register')
  await go(`/books/${title}`)
  await page.getByRole('button', { name: 'Add to cart' }).click()
  await page.getByRole('link', { name: 'In your cart' }).waitFor()
  await go('/checkout')
  await page.getByLabel('Card number').fill('4242 4242 4242 4242')
  await page.getByRole('checkbox', { name: /I lose my right of withdrawal/ }).check()
  await page.getByRole('button', { name: /^Pay / }).click()
  await page.getByRole('heading', { name: 'Thank you' }).waitFor()
  await page.close()
}

const port = await freePort()
const folder = mkdtempSync(join(tmpdir(), 'lectern-lighthouse-'))
const browser = await chromium.launchPersistentContext(folder, {
  executablePath: process.env.LECTERN_CHROMIUM || undefined,
  args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu'],
})
try {
  console.log(`  ${'page'.padEnd(34)}  score   FCP s   LCP s  TBT ms     CLS      kB`)
  for (const path of ['/', '/browse', `/books/${title}`]) await measure(port, path)
  await buy(browser)
  await measure(port, `/library/${title}`)
} finally {
  await browser.close()
  rmSync(folder, { recursive: true, force: true })
}
