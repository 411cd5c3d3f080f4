// What programs do with the shop, from beginning to end: each becomes a collection of docs/api, and newman runs them in the
// tests. See story.mjs for what a step is made of.

const admin = {
  name: 'Log in as an admin',
  does: 'POST /auth/login',
  sends: { email: '{{admin_email}}', password: '{{admin_password}}', code: null },
  gives: { admin_token: 'access_token' },
}

const shopper = {
  file: 'shopper',
  name: 'Lectern: somebody buys and listens',
  about: 'A person registers, logs in, browses, buys a title and listens to it; an admin pays it back and looks at the figures.',
  needs: { admin_email: 'admin@example.com', admin_password: '' },
  steps: [
    {
      name: 'Register',
      does: 'POST /auth/register',
      before: ["pm.collectionVariables.set('email', `listener-${Date.now()}@example.com`)"],
      sends: { email: '{{email}}', password: '{{password}}' },
      gives: { person: 'user.id' },
    },
    {
      name: 'Log in',
      does: 'POST /auth/login',
      sends: { email: '{{email}}', password: '{{password}}', code: null },
      gives: { access_token: 'access_token', refresh_token: 'refresh_token' },
    },
    {
      name: 'Browse',
      does: 'GET /audiobooks',
      fills: { text: 'bell', limit: 5 },
      gives: { slug: 'items.0.slug' },
      holds: ['answer.items.length >= 1 && answer.items.length <= 5'],
    },
    { name: 'Look at a title', does: 'GET /audiobooks/{id}', fills: { id: '{{slug}}' }, gives: { title: 'id' } },
    {
      name: 'Put it into the cart',
      does: 'POST /cart/add',
      as: 'access_token',
      sends: { audiobook: '{{slug}}' },
      gives: { total: 'cart.total.minor', currency: 'cart.total.currency', agreed: 'cart.withdrawal.version' },
      holds: ["answer.outcome === 'added'"],
    },
    {
      name: 'Check out',
      does: 'POST /checkout',
      as: 'access_token',
      before: ["pm.collectionVariables.set('purchase', pm.variables.replaceIn('{{$guid}}'))"],
      with: { 'Idempotency-Key': '{{purchase}}' },
      sends: { total: { minor: '{{total|raw}}', currency: '{{currency}}' }, withdrawal: '{{agreed|raw}}', country: null },
      gives: { order: 'number' },
      holds: ["answer.status === 'paid' || answer.status === 'fulfilled'"],
    },
    {
      name: 'Check out again by the same key: it is bought once',
      does: 'POST /checkout',
      as: 'access_token',
      with: { 'Idempotency-Key': '{{purchase}}' },
      sends: { total: { minor: '{{total|raw}}', currency: '{{currency}}' }, withdrawal: '{{agreed|raw}}', country: null },
      holds: ["answer.number === pm.collectionVariables.get('order')"],
    },
    {
      name: 'List the orders',
      does: 'GET /orders',
      as: 'access_token',
      holds: ["answer.items.length === 1 && answer.items[0].number === pm.collectionVariables.get('order')"],
    },
    {
      name: 'List the books',
      does: 'GET /my-books',
      as: 'access_token',
      holds: ["answer.items.some((book) => JSON.stringify(book).includes(pm.collectionVariables.get('title')))"],
    },
    {
      name: 'Remember the place',
      does: 'PUT /my-books/{id}/position',
      as: 'access_token',
      fills: { id: '{{title}}' },
      // A moment of the book: its parts are known only to whoever asked for them.
      sends: { position_ms: 1000, taken_at: '{{$isoTimestamp}}', part: null, offset_ms: null },
      holds: ['answer.kept && answer.position.position_ms === 1000'],
    },
    {
      name: 'Ask for addresses to listen at',
      does: 'GET /my-books/{id}',
      as: 'access_token',
      fills: { id: '{{title}}' },
      gives: { stream: 'parts.0.stream' },
    },
    {
      name: 'Listen to a stretch, by an address that needs no token',
      follows: 'stream',
      with: { Range: 'bytes=0-1023' },
      answers: 206,
      holds: ["pm.response.headers.get('Content-Range').startsWith('bytes 0-1023/')", 'pm.response.responseSize === 1024'],
    },
    admin,
    {
      name: 'Pay it back',
      does: 'POST /orders/{id}/refund',
      as: 'admin_token',
      fills: { id: '{{order}}' },
      sends: { lines: null },
    },
    {
      name: 'Wait until it is paid back',
      does: 'GET /orders/{id}',
      as: 'access_token',
      fills: { id: '{{order}}' },
      until: "answer.status === 'refunded'",
    },
    { name: "Look at one's own figures", does: 'GET /stats/me', as: 'access_token' },
    { name: "Look at the desk's figures", does: 'GET /admin/dashboard', as: 'admin_token' },
    { name: "Look at everybody's figures", does: 'GET /public/dashboard' },
  ],
}

const office = {
  file: 'office',
  name: 'Lectern: a recording becomes a title',
  about: 'An admin uploads a recording, follows how it is heard and described, completes the title and publishes it.',
  needs: { admin_email: 'admin@example.com', admin_password: '', recording: 'recording.wav' },
  steps: [
    admin,
    {
      name: 'Upload a recording',
      does: 'POST /audiobooks/upload',
      as: 'admin_token',
      parts: { title: { value: 'The Lamp Above the Fog' }, file: { file: 'recording' } },
      gives: { title: 'audiobook_id' },
    },
    {
      name: 'Follow its production',
      does: 'GET /audiobooks/{id}/production',
      as: 'admin_token',
      fills: { id: '{{title}}' },
      until: "answer.state === 'done'",
    },
    {
      name: 'Read what was heard',
      does: 'GET /audiobooks/{id}/transcript',
      as: 'admin_token',
      fills: { id: '{{title}}' },
      holds: ["/lighthouse/i.test(pm.response.text())"],
    },
    {
      name: 'Complete the title',
      does: 'PATCH /audiobooks/{id}',
      as: 'admin_token',
      fills: { id: '{{title}}' },
      only: {
        title: 'The Lamp Above the Fog',
        authors: ['Ada Quill'],
        description: 'A keeper, a bell and a ship in the fog.',
        price: { minor: 350, currency: 'USD' },
        categories: ['adventure'],
      },
    },
    { name: 'Publish it', does: 'POST /audiobooks/{id}/publish', as: 'admin_token', fills: { id: '{{title}}' } },
    {
      name: 'It is in the shop',
      does: 'GET /audiobooks/{id}',
      fills: { id: '{{title}}' },
      holds: ["answer.title === 'The Lamp Above the Fog'"],
    },
  ],
}

export const stories = [shopper, office]
