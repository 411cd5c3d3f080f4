import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { inspect } from './support/barriers';
import { expect, open, refused, test } from './support/journey';
import { buy, logInAsAdmin, register } from './support/shopper';

test.use({
    wishes: { settings: { LECTERN_WEBHOOKS__LOOPBACK: 'true' } },
    expected: {
        'what is typed wrong': refused('422', '/api/admin/add-webhook'),
    },
});

interface Heard {
    headers: Record<string, string>;
    body: string;
}

/** A program that hears what the shop says. */
async function listen(): Promise<{ address: string; heard: Heard[]; close: () => void }> {
    const heard: Heard[] = [];
    const server = createServer((request, response) => {
        const pieces: Buffer[] = [];
        request.on('data', (piece) => pieces.push(piece));
        request.on('end', () => {
            heard.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(pieces).toString() });
            response.end('thanks');
        });
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as AddressInfo;
    return { address: `http://127.0.0.1:${port}/hooks`, heard, close: () => server.close() };
}

test('a program of the shop owner hears of an order and believes it', async ({ page, browser, shop, overhear }) => {
    const program = await listen();
    await logInAsAdmin(page);
    await open(page, '/admin/webhooks');
    await inspect(page, 'webhooks');
    await page.locator('#address').fill('http://app.example/hooks');
    await page.locator('[id="order.paid"]').check();
    await page.getByRole('button', { name: 'Add it' }).click();
    await expect(page.locator('#address-error')).toContainText('https');
    await page.locator('#address').fill(program.address);
    await page.getByRole('button', { name: 'Add it' }).click();
    const secret = (await page.getByTestId('webhook-secret').textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer);
    await buy(buyer, 'the-last-spoon');
    await expect.poll(() => program.heard.length).toBe(1);
    const [message] = program.heard;
    const said = new Webhook(secret).verify(message!.body, message!.headers) as { type: string };
    expect(said.type).toBe('order.paid');
    await elsewhere.close();

    await page.getByRole('link', { name: program.address }).click();
    const sent = page.getByTestId('webhook-messages').locator('li');
    await expect(sent).toContainText('Arrived');
    await inspect(page, 'one webhook');
    await sent.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => program.heard.length).toBe(2);
    expect(program.heard[1]!.headers['webhook-id']).toBe(message!.headers['webhook-id']);
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect(page).toHaveURL(/\/admin\/webhooks$/);
    program.close();
});
