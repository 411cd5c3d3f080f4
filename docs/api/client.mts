// A program that buys a title and listens to it. Its types are made from the description of the API:
//   npx openapi-typescript http://127.0.0.1:3000/api/v1/openapi.json --output lectern.d.ts
import createClient from 'openapi-fetch';
import type { paths } from './lectern.js';

const shop = createClient<paths>({ baseUrl: process.env.LECTERN ?? 'http://127.0.0.1:3000' });

/** What was answered, or an end with the problem that came instead. */
function good<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }): T {
    if (data === undefined) throw new Error(`${response.status} ${response.url}: ${JSON.stringify(error)}`);
    return data;
}

const person = { name: 'Ada', email: `ada-${Date.now()}@example.com`, password: 'a long walk home' };
good(await shop.POST('/api/v1/auth/register', { body: person }));
const { email, password } = person;
const tokens = good(await shop.POST('/api/v1/auth/login', { body: { email, password } }));
shop.use({
    onRequest({ request }) {
        request.headers.set('Authorization', `Bearer ${tokens.access_token}`);
        return request;
    },
});

const found = good(await shop.GET('/api/v1/audiobooks', { params: { query: { text: 'owl' } } }));
const title = found.items[0];
if (!title?.slug) throw new Error('nothing is for sale that is about owls');
console.log(`found ${title.title}`);

const { cart } = good(await shop.POST('/api/v1/cart/add', { body: { audiobook: title.slug } }));
const order = good(
    await shop.POST('/api/v1/checkout', {
        params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: { total: cart.total, withdrawal: cart.withdrawal.version, card: '4242 4242 4242 4242' },
    }),
);
console.log(`bought it as ${order.number}`);

const books = good(await shop.GET('/api/v1/my-books'));
const mine = { path: { which: title.slug } };
const book = good(await shop.GET('/api/v1/my-books/{which}', { params: mine }));
const part = book.parts[0];
if (!books.items.some(({ audiobook }) => audiobook.slug === title.slug) || !part) throw new Error('it is not in the library');
// The address is signed: no header is needed, and any player can open it.
const beginning = await fetch(part.stream, { headers: { Range: 'bytes=0-65535' } });
console.log(`heard ${(await beginning.arrayBuffer()).byteLength} bytes of ${part.size}`);

const here = { position_ms: 61_000, taken_at: new Date().toISOString(), speed_percent: 100, finished: false };
const { position } = good(await shop.PUT('/api/v1/my-books/{which}/position', { params: mine, body: here }));
console.log(`goes on at ${position.position_ms / 1000} s`);
