import { readFileSync } from 'node:fs';
import { inspect } from './support/barriers';
import { expect, open, refused, settled, test } from './support/journey';
import { ACCEPTED, agree, choose, logInAsAdmin, register, somebody } from './support/shopper';

const TITLE = 'half-a-key-each';

// A shop of its own: others pay what they paid before.
test.use({
    wishes: { settings: { LECTERN_NAME: 'Taxed' } },
    contextOptions: { reducedMotion: 'reduce' },
    expected: {
        'a tax without a rate': refused('422', '/api/admin/save-tax'),
        'an invoice for nobody': refused('422', '/api/orders/make-invoice'),
    },
});

// Every page is looked at four times.
test.describe.configure({ timeout: 240_000, mode: 'serial' });

test('tax is added before anything is paid, and an invoice is made out and downloaded', async ({ page, browser, shop, overhear }) => {
    await test.step('an admin says who sells, and which tax there is', async () => {
        await logInAsAdmin(page);
        await open(page, '/admin/legal');
        await page.getByLabel('Name of the seller').fill('Moss & Daughters');
        await page.getByLabel('Postal address').fill('Quay 1\n20457 Harbour');
        await page.getByRole('button', { name: 'Save' }).first().click();
        await expect(page.getByText('Saved.')).toBeVisible();
        await open(page, '/admin/taxes');
        await expect(page.getByRole('heading', { name: 'No taxes yet' })).toBeVisible();
        await page.getByLabel('Country', { exact: true }).selectOption('DE');
        await page.getByLabel('Name of the tax').fill('VAT');
        await page.getByLabel('Rate in percent').fill('a lot');
        await page.getByRole('button', { name: 'Set the tax' }).click();
        await expect(page.getByText('Write the rate in percent')).toBeVisible();
        await page.getByLabel('Rate in percent').fill('19');
        await page.getByRole('button', { name: 'Set the tax' }).click();
        await expect(page.getByTestId('taxes')).toContainText('Germany: VAT 19%');
        await page.getByLabel('Prices in this shop').selectOption('true');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await expect(page.getByLabel('Prices in this shop')).toHaveValue('true');
        await inspect(page, 'taxes');
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address, reducedMotion: 'reduce' });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    const person = somebody();
    await register(buyer, person);

    await test.step('the checkout asks where one lives, and shows the total with tax', async () => {
        await choose(buyer, TITLE);
        await open(buyer, '/checkout');
        await expect(buyer.getByText('Say where you live first')).toBeVisible();
        await inspect(buyer, 'checkout without a country');
        await buyer.getByLabel('Where you live').selectOption('DE');
        await buyer.getByRole('button', { name: 'Use this country' }).click();
        await settled(buyer);
        await expect(buyer.getByTestId('tax')).toContainText('VAT 19%');
        await inspect(buyer, 'checkout with tax');
        const pay = buyer.getByRole('button', { name: /^Pay / });
        const total = (await pay.innerText()).replace('Pay ', '');
        await buyer.getByLabel('Card number').fill(ACCEPTED);
        await agree(buyer);
        await pay.click();
        await expect(buyer.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(buyer.getByTestId('tax')).toContainText('VAT 19%');
        await expect(buyer.getByText(total, { exact: true })).toBeVisible();
    });

    await test.step('whom the invoice is for is asked once', async () => {
        await buyer.getByRole('link', { name: 'I need an invoice' }).click();
        await expect(buyer.getByLabel('Name', { exact: true })).toHaveValue(person.name);
        await inspect(buyer, 'asking for an invoice');
        await buyer.getByLabel('Name', { exact: true }).fill('   ');
        await buyer.getByRole('button', { name: 'Make the invoice' }).click();
        await expect(buyer.getByText('Write whom the invoice is for')).toBeVisible();
        await buyer.getByLabel('Name', { exact: true }).fill('Zoë Ltd');
        await buyer.getByLabel('Address', { exact: true }).fill('Lane 2\nTown');
        await buyer.getByLabel('Tax number').fill('ATU12345678');
        await buyer.getByRole('button', { name: 'Make the invoice' }).click();
        await expect(buyer.getByRole('heading', { name: /^Invoice INV-\d{6}$/ })).toBeVisible();
        await expect(buyer.getByTestId('invoice-from')).toContainText('Moss & Daughters');
        await expect(buyer.getByTestId('invoice-to')).toContainText('ATU12345678');
        await expect(buyer.getByTestId('invoice-sums')).toContainText('VAT 19%');
        await inspect(buyer, 'an invoice');
    });

    await test.step('and comes as a document', async () => {
        const coming = buyer.waitForEvent('download');
        await buyer.getByRole('link', { name: 'Download as PDF' }).click();
        expect((await coming).suggestedFilename()).toMatch(/^INV-\d{6}\.pdf$/);
    });

    await test.step('the receipt is a document too, from its page and from the purchases', async () => {
        await buyer.getByRole('link', { name: 'The receipt of this order' }).click();
        const coming = buyer.waitForEvent('download');
        await buyer.getByRole('link', { name: 'This receipt as PDF' }).click();
        const receipt = await coming;
        expect(receipt.suggestedFilename()).toMatch(/^receipt-L-[0-9A-Z]{4}-[0-9A-Z]{4}\.pdf$/);
        const bytes = readFileSync(await receipt.path());
        expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
        expect(bytes.includes('/StructTreeRoot'), 'it is tagged').toBe(true);
        await open(buyer, '/account/purchases');
        await expect(buyer.getByTestId('purchases').getByRole('link', { name: /^receipt of order L-.* as PDF$/ })).toHaveAttribute(
            'href',
            /\/orders\/L-.*\/receipt\.pdf$/,
        );
    });
    await elsewhere.close();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('tax and invoice need no script', async ({ page }) => {
        await page.goto('/register');
        const person = somebody();
        await page.getByLabel('Name', { exact: true }).fill(person.name);
        await page.getByLabel('Email address').fill(person.email);
        await page.locator('#password').fill(person.password);
        await page.locator('main').getByRole('button', { name: 'Register' }).click();
        await page.goto(`/books/${TITLE}`);
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page.getByTestId('tax-to-come')).toBeVisible();
        await page.getByRole('link', { name: 'Go to checkout' }).click();
        await page.getByLabel('Where you live').selectOption('DE');
        await page.getByRole('button', { name: 'Use this country' }).click();
        await expect(page.getByTestId('tax')).toContainText('VAT 19%');
        await page.getByLabel('Card number').fill(ACCEPTED);
        await agree(page);
        await page.getByRole('button', { name: /^Pay / }).click();
        await expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await page.getByRole('link', { name: 'I need an invoice' }).click();
        await page.getByRole('button', { name: 'Make the invoice' }).click();
        await expect(page.getByRole('heading', { name: /^Invoice INV-\d{6}$/ })).toBeVisible();
        await expect(page.getByTestId('invoice-to')).toContainText(person.name);
    });
});
