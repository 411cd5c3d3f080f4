// What the database has to say when all is over: nobody was charged twice, nobody paid for nothing, and no job is lost.
import { wait } from './asking.mjs'

/** After everything else, jobs are over by then, in milliseconds. */
const JOBS_MS = 5 * 60_000
const NOW_MS = '(extract(epoch from now()) * 1000)'
const PAID = "('paid', 'fulfilled')"

const rules = [
  ['orders whose end is not known', `select number, status from orders where status not in ('fulfilled', 'declined', 'cancelled')`],
  [
    'paid orders that were not charged exactly once',
    `select o.number, count(p.id) from orders o left join payments p on p.order_id = o.id and p.status = 'succeeded'
     where o.status in ${PAID} group by o.id having count(p.id) <> 1`,
  ],
  ['charges for orders that are not paid', `select o.number, o.status from orders o join payments p on p.order_id = o.id where p.status = 'succeeded' and o.status not in ${PAID}`],
  ['charges of another amount than their order', `select o.number from orders o join payments p on p.order_id = o.id where p.status = 'succeeded' and (p.amount_minor, p.currency) <> (o.total_minor, o.currency)`],
  ['refunds that nobody asked for', `select id::text from refunds`],
  [
    'titles that somebody paid for twice',
    `select o.user_id::text, l.audiobook_id::text from orders o join order_lines l on l.order_id = o.id
     where o.status in ${PAID} group by 1, 2 having count(*) > 1`,
  ],
  [
    'titles that were paid for and are in no library',
    `select o.number from orders o join order_lines l on l.order_id = o.id where o.status in ${PAID}
     and not exists (select 1 from entitlements e where e.user_id = o.user_id and e.audiobook_id = l.audiobook_id)`,
  ],
  ['jobs that were given up', `select kind, last_error from jobs where status = 'dead'`],
  ['jobs that are held by nobody who lives', `select kind, lease_owner from jobs where status = 'running' and lease_until < ${NOW_MS}`],
]

/** What is still to be done, though its time has come. */
const DUE = `select kind, status from jobs where status in ('queued', 'running') and run_at <= ${NOW_MS}`

/** Sentences about what does not hold in the bank's books beside the shop's. */
function accounts(books, charges) {
  const wrong = []
  const paid = new Map(books.ask(`select number, total_minor from orders where status in ${PAID}`))
  const charged = new Map()
  for (const { order, minor } of charges) {
    if (charged.has(order)) wrong.push(`the bank charged ${order} twice`)
    charged.set(order, minor)
    if (!paid.has(order)) wrong.push(`the bank charged ${order}, which is not paid`)
    else if (paid.get(order) !== String(minor)) wrong.push(`the bank charged ${minor} for ${order}, which is ${paid.get(order)}`)
  }
  const free = [...paid.keys()].filter((order) => !charged.has(order))
  if (free.length > 0) wrong.push(`orders that are paid and that the bank never charged: ${free}`)
  return wrong
}

/** Sentences about what does not hold. `charges` are the bank's. */
export async function verdict(books, shoppers, charges) {
  const wrong = []
  const began = Date.now()
  let due = books.ask(DUE)
  while (due.length > 0 && Date.now() - began < JOBS_MS) {
    await wait(1000)
    due = books.ask(DUE)
  }
  if (due.length > 0) wrong.push(`jobs that nobody does: ${JSON.stringify(due.slice(0, 5))}`)
  for (const [what, question] of rules) {
    const rows = books.ask(question)
    if (rows.length > 0) wrong.push(`${what}: ${JSON.stringify(rows.slice(0, 5))}`)
  }
  wrong.push(...accounts(books, charges))
  const paid = new Set(books.ask(`select number from orders where status = 'fulfilled'`).map(([number]) => number))
  const known = new Set(shoppers.bought.map(({ number }) => number))
  const unknown = [...paid].filter((number) => !known.has(number))
  const missing = [...known].filter((number) => !paid.has(number))
  if (unknown.length > 0) wrong.push(`orders that were charged and that their buyer was never told of: ${unknown}`)
  if (missing.length > 0) wrong.push(`orders that a buyer was told of and that are not paid: ${missing}`)
  return wrong
}
