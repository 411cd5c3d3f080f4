import { inspect, visit } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, agree, logInAsAdmin, register } from './support/shopper';

const [ONE, TWO] = ['the-clock-that-told-the-truth', 'the-snow-queen'];

// A shop of its own: others pay what they paid before.
test.use({
    wishes: { settings: { LECTERN_NAME: 'Bundled' } },
    contextOptions: { reducedMotion: 'reduce' },
    expected: { 'a bundle that is no cheaper': refused('422', '/api/admin/save-bundle') },
});

// The pages of bundles are looked at four times each.
test.describe.configure({ timeout: 360_000 });

test('two titles cost less together, from their pages to the receipt', async ({ page, browser, shop, overhear }) => {
    const name = `Kitchen ${Date.now().toString(36)}`;

    await test.step('an admin makes a bundle, at a price that is lower', async () => {
        await logInAsAdmin(page);
        await visit(page, 'bundles', '/admin/bundles');
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByLabel('Titles', { exact: true }).fill(`${shop.address}/books/${ONE}\n${TWO}`);
        await page.getByLabel('Price', { exact: true }).fill('999.00');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByText('Choose a lower price for them together.')).toBeVisible();
        await page.getByLabel('Price', { exact: true }).fill('15.00');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByTestId('bundles').getByRole('heading', { name })).toBeVisible();
        await expect(page.getByLabel('Titles', { exact: true }), 'the next one begins empty').toHaveValue('');
        await page.getByRole('link', { name }).click();
        await expect(page.getByLabel('Price', { exact: true })).toHaveValue('15.00');
        await settled(page);
        await inspect(page, 'a bundle');
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer);

    await test.step('the page of each title offers both', async () => {
        await open(buyer, `/books/${TWO}`);
        await expect(buyer.getByTestId('bundles')).toContainText(name);
        await open(buyer, `/books/${ONE}`);
        const offer = buyer.getByTestId('bundles').getByRole('listitem').filter({ hasText: name }).first();
        await expect(offer).toContainText('$15.00 for all of them: you save');
        await inspect(buyer, 'a title with a bundle');
        await offer.getByRole('button', { name: new RegExp(`^Add all to cart ?: ${name}`) }).click();
        await expect(buyer.getByText('All of them are in your cart.')).toBeVisible();
    });

    await test.step('the cart says what it takes off, and that is what is paid', async () => {
        await open(buyer, '/cart');
        await expect(buyer.getByTestId('bundles')).toContainText(`Together as “${name}”`);
        await inspect(buyer, 'a cart with a bundle');
        await open(buyer, '/checkout');
        await expect(buyer.getByText(`Together as “${name}”`)).toBeVisible();
        await buyer.getByLabel('Card number').fill(ACCEPTED);
        await agree(buyer);
        await buyer.getByRole('button', { name: 'Pay $15.00' }).click();
        await expect(buyer.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(buyer.getByTestId('discount')).toContainText(name);
    });

    await test.step('once it is ended nobody is offered it', async () => {
        await open(page, '/admin/bundles');
        await page.getByRole('button', { name: `End now ${name}` }).click();
        await expect(page.getByTestId('bundles').getByRole('listitem').filter({ hasText: name })).toContainText('over');
        await open(buyer, `/books/${ONE}`);
        await expect(buyer.getByText(name)).toHaveCount(0);
    });
    await elsewhere.close();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a bundle is made, put into the cart and ended', async ({ page, browser, shop }) => {
        const name = `Plain ${Date.now().toString(36)}`;
        await page.goto('/login');
        await page.getByLabel('Email address').fill('admin@example.com');
        await page.locator('#password').fill('a quiet desk by the window');
        await page.locator('main').getByRole('button', { name: 'Log in' }).click();
        await page.goto('/admin/bundles');
        await page.getByLabel('Name', { exact: true }).fill(name);
        await page.getByLabel('Titles', { exact: true }).fill(`${ONE}\n${TWO}`);
        await page.getByLabel('Price', { exact: true }).fill('14.00');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByText('Saved.')).toBeVisible();

        const elsewhere = await browser.newContext({ baseURL: shop.address, javaScriptEnabled: false });
        const guest = await elsewhere.newPage();
        await guest.goto(`/books/${ONE}`);
        await guest.getByRole('button', { name: new RegExp(`^Add all to cart ?: ${name}`) }).click();
        await expect(guest).toHaveURL(/\/cart/);
        await expect(guest.getByTestId('bundles')).toContainText(name);
        await expect(guest.getByText('$14.00')).toBeVisible();
        await elsewhere.close();

        await page.goto('/admin/bundles');
        await page.getByRole('button', { name: `End now ${name}` }).click();
        await expect(page.getByTestId('bundles').getByRole('listitem').filter({ hasText: name })).toContainText('over');
    });
});
