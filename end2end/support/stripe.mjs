// Signs events of Stripe's by Stripe's own library: `node stripe.mjs`. Each line of its standard input is JSON with `payload`
// (the body, as text), `secret` and `timestamp` (in seconds); each is answered by a line with the header `Stripe-Signature`.
import { createInterface } from 'node:readline';
import Stripe from 'stripe';

const { webhooks } = new Stripe('sk_test_that_signs_only');

for await (const line of createInterface({ input: process.stdin })) {
    const { payload, secret, timestamp } = JSON.parse(line);
    process.stdout.write(`${webhooks.generateTestHeaderString({ payload, secret, timestamp })}\n`);
}
