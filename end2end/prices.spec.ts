import { inspect } from './support/barriers';
import { expect, open, refused, test } from './support/journey';
import { ACCEPTED, agree, choose, logInAsAdmin, register } from './support/shopper';

const TITLE = 'four-minutes-to-earth';
const NAME = 'Four Minutes to Earth';

// The pages of a sale and a coupon are looked at four times each.
test.describe.configure({ timeout: 360_000 });

test.use({ expected: { 'a coupon that is refused': refused('422', '/api/cart/coupon') } });

test('a sale is seen, a coupon refused and taken, and the receipt says what was paid', async ({ page, browser, shop, overhear }) => {
    const code = `WINTER-${Date.now().toString(36)}`.toUpperCase();

    await test.step('an admin makes a sale of one title', async () => {
        await logInAsAdmin(page);
        await open(page, '/admin/sales');
        await page.getByLabel('Name', { exact: true }).fill('Stars in winter');
        await page.getByLabel('Percent off').fill('20');
        await page.getByLabel('Or these titles').fill(`${shop.address}/books/${TITLE}`);
        await page.getByLabel('Until').fill('2099-12-31T12:00');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByTestId('sales').getByText('20 % off for 1 title, running')).toBeVisible();
        await inspect(page, 'sales');
    });

    await test.step('and a coupon for carts of a certain size', async () => {
        await open(page, '/admin/coupons');
        await page.getByLabel('Code', { exact: true }).fill(code);
        await page.getByLabel('Percent off').fill('10');
        await page.getByLabel('For carts of at least').fill('19.00');
        await page.getByLabel('Once for each person').check();
        await page.getByLabel('All titles', { exact: true }).check();
        await page.getByRole('button', { name: 'Make the coupon' }).click();
        await expect(page.getByTestId('coupons').getByRole('heading', { name: code })).toBeVisible();
        await inspect(page, 'coupons');
    });

    const elsewhere = await browser.newContext({ baseURL: shop.address });
    overhear(elsewhere);
    const buyer = await elsewhere.newPage();
    await register(buyer);

    await test.step('the reduced price stands on the page beside the regular one', async () => {
        await open(buyer, `/books/${TITLE}`);
        const main = buyer.locator('main article').first();
        await expect(main.locator('s').first()).toHaveText('$24.99');
        await expect(main.getByText('$19.99').first()).toBeVisible();
        await expect(main.getByTestId('until').first()).toContainText('31 December 2099');
    });

    await test.step('a coupon is refused with the reason', async () => {
        await choose(buyer, 'half-a-key-each');
        await open(buyer, '/cart');
        await buyer.getByLabel('Coupon').fill('NOT-A-COUPON');
        await buyer.getByRole('button', { name: 'Use the coupon' }).click();
        await expect(buyer.getByText('There is no coupon with this code.')).toBeVisible();
        await buyer.getByLabel('Coupon').fill(code);
        await buyer.getByRole('button', { name: 'Use the coupon' }).click();
        await expect(buyer.getByText('This coupon is for carts of $19.00 or more.')).toBeVisible();
        await inspect(buyer, 'a coupon that is refused');
    });

    await test.step('and taken once the cart is large enough', async () => {
        await choose(buyer, TITLE);
        await open(buyer, '/cart');
        await buyer.getByLabel('Coupon').fill(code.toLowerCase());
        await buyer.getByRole('button', { name: 'Use the coupon' }).click();
        await expect(buyer.getByTestId('coupon')).toContainText('−$2.15');
        await expect(buyer.getByText('$19.33')).toBeVisible();
        await inspect(buyer, 'a cart with a coupon');
    });

    await test.step('what was shown is what is paid', async () => {
        await open(buyer, '/checkout');
        await buyer.getByLabel('Card number').fill(ACCEPTED);
        await agree(buyer);
        await buyer.getByRole('button', { name: 'Pay $19.33' }).click();
        await expect(buyer.getByRole('heading', { name: 'Thank you' })).toBeVisible();
        await expect(buyer.getByTestId('discount')).toContainText(code);
        await inspect(buyer, 'a receipt with a coupon');
        await expect(buyer.getByText('$19.33')).toBeVisible();
    });

    await test.step('the admin sees what the coupon brought, and ends the sale', async () => {
        await open(page, '/admin/coupons');
        const row = page.getByTestId('coupons').getByRole('listitem').filter({ hasText: code });
        await expect(row).toContainText('Used 1 time, brought $19.33');
        await row.getByRole('button', { name: 'Switch off' }).click();
        await expect(row).toContainText('switched off');
        await open(page, '/admin/sales');
        await page.getByRole('button', { name: 'End now Stars in winter' }).first().click();
        await expect(page.getByTestId('sales').getByText('running')).toHaveCount(0);
        await open(buyer, `/books/${TITLE}`);
        await expect(buyer.getByTestId('until')).toHaveCount(0);
    });
    await elsewhere.close();
});

test('a heart puts a title on the wishlist and takes it off again', async ({ page }) => {
    await register(page);
    await open(page, `/books/${TITLE}`);
    await page.getByRole('button', { name: 'Add to wishlist' }).click();
    await expect(page.getByRole('button', { name: 'On your wishlist' })).toBeVisible();
    await open(page, '/wishlist');
    await expect(page.getByRole('link', { name: NAME })).toBeVisible();
    await page.getByLabel('Send me a mail when').uncheck();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.')).toBeVisible();
    await page.getByRole('button', { name: `Wish for ${NAME}` }).click();
    await expect(page.getByRole('heading', { name: 'Nothing here yet' })).toBeVisible();
    await open(page, '/wishlist');
    await expect(page.getByLabel('Send me a mail when')).not.toBeChecked();
});

test.describe('without JavaScript', () => {
    test.use({ javaScriptEnabled: false });

    test('a coupon is typed in the cart and refused with the reason', async ({ page }) => {
        await page.goto('/books/half-a-key-each');
        await page.getByRole('button', { name: 'Add to cart' }).click();
        await expect(page.getByRole('heading', { level: 1, name: 'Cart' })).toBeVisible();
        await page.getByLabel('Coupon').fill('NOT-A-COUPON');
        await page.getByRole('button', { name: 'Use the coupon' }).click();
        await expect(page.getByText('There is no coupon with this code.')).toBeVisible();
    });
});
