// The story of scripts/three-hosts, told on the edge of its hosts: people buy and listen, by programs and in a browser, an admin
// uploads recordings, and what is named as an argument is killed in turn (SIGKILL, with all that it has started), stays away for a
// while, and comes back.
// What has to hold: each purchase ends paid and charged once, or is refused with a reason and made again; what is sent twice
// under one key is bought once; each stretch that is heard is the file's; each recording that the shop took is heard, and no
// job is lost or given up.
import { Asking, wait } from './hosts/asking.mjs'
import { Books, Machines } from './hosts/machines.mjs'
import { Office } from './hosts/office.mjs'
import { Reader } from './hosts/reader.mjs'
import { Shoppers } from './hosts/shopper.mjs'
import { verdict } from './hosts/verdict.mjs'

/** Everybody is there before each blow, and somebody is away after it, for so long, in milliseconds. */
const BEFORE_MS = 10_000
const AWAY_MS = 15_000
/** For something to strike at, in milliseconds. */
const BUSY_MS = 180_000
/** The steps of a recording; samples of the titles that were seeded are cut before them. */
const STEPS = `kind in ('production.probe', 'production.prepare', 'production.transcribe', 'production.describe')`
/** What is at work when it is struck: a question with a row while it is. */
const BUSY = { worker: `select 1 from jobs where status = 'running' and ${STEPS}` }

const { LECTERN_HOSTS_SHOP: shop, LECTERN_HOSTS_BANK: bank, LECTERN_HOSTS_RUN: run, LECTERN_HOSTS_DATABASE: database, LECTERN_HOSTS_PASSWORD: password } = process.env
const people = Number(process.env.LECTERN_HOSTS_SHOPPERS ?? 2)
const asking = new Asking(shop, bank)
const books = new Books(database)
const machines = new Machines(run)
const shoppers = new Shoppers(asking)
const office = new Office(asking, password)
const readers = Array.from({ length: Number(process.env.LECTERN_HOSTS_READERS ?? 0) }, () => new Reader(asking, shoppers))
const note = (words) => console.log(`      ${words}`)
const began = Date.now()
const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`

async function strike(name) {
  asking.during = 'nobody away'
  if (!machines.has(name)) {
    note(`${name} is not there: left out`)
    return
  }
  await wait(BEFORE_MS)
  if (BUSY[name] && !(await books.until(BUSY[name], BUSY_MS))) note(`${name} had nothing to do`)
  const [orders, taken] = [shoppers.bought.length, office.taken.length]
  asking.during = `${name} away`
  const group = machines.kill(name)
  await wait(AWAY_MS)
  const [bought, sent] = [shoppers.bought.length - orders, office.taken.length - taken]
  note(`${seconds()}: ${name} was killed; while it was away ${bought} titles were bought and ${sent} recordings taken`)
  asking.during = `${name} coming back`
  await machines.back(name, group)
  await wait(BEFORE_MS)
}

async function tell() {
  const [[jobs]] = books.ask(`select count(*) from jobs where status = 'done'`)
  const [[attempts]] = books.ask(`select count(*) from jobs where attempt > 1 and kind like 'production.%'`)
  const [[longest]] = books.ask(`select coalesce(round(max(took) / 1000), 0) from (select max(finished_at) - min(created_at) as took
    from jobs where ${STEPS} group by group_key) titles`)
  const repeated = [...asking.again.values()].reduce((sum, times) => sum + times, 0)
  note(`${shoppers.people} people bought ${shoppers.bought.length} titles and heard ${(shoppers.bytes / 1e6).toFixed(1)} MB of them, byte for byte`)
  note(`${shoppers.sentAgain} purchases were sent again until they were answered, ${shoppers.refused.length} refused or given up and made again`)
  shoppers.refused.forEach((why) => note(`  ${why}`))
  note(`${office.taken.length} recordings were taken (${office.sentAgain} of them sent again) and heard; ${jobs} jobs done, ${attempts} of production begun more than once; a recording was ready after ${longest} s at most`)
  for (const { bought, heard, silence, again } of readers) {
    note(`in a browser ${bought} titles were bought and ${Math.round(heard)} s of them heard, ${(silence / 1000).toFixed(1)} s of silence at most`)
    for (const [what, times] of [...again].sort()) note(`  ${times} times again with ${what}`)
  }
  note(`${repeated} of ${asking.requests} requests failed and were made again`)
  for (const [what, times] of [...asking.again].sort()) note(`  ${times} with ${what}`)
}

async function story() {
  const crowd = Array.from({ length: people }, (_, number) => shoppers.shop(`shopper-${number}`))
  const reading = readers.map((reader, number) => reader.read(`reader-${number}`))
  const everybody = Promise.all([office.upload(), ...crowd, ...reading])
  const blows = async () => {
    for (const name of process.argv.slice(2)) await strike(name)
    asking.during = 'nobody away'
    shoppers.over = office.over = true
  }
  // Whoever gives up ends the story.
  await Promise.all([everybody, blows()])
  await office.settle()
}

let wrong
try {
  await story()
  wrong = await verdict(books, shoppers, await asking.charges())
} catch (error) {
  wrong = [error.message]
}
await tell()
wrong.forEach((sentence) => console.error(`lectern: ${sentence}`))
console.log(wrong.length === 0 ? `three hosts: everything held, in ${seconds()}` : `three hosts: ${wrong.length} things did not hold, in ${seconds()}`)
process.exit(wrong.length === 0 ? 0 : 1)
